/** `npm run policy` as a process, and the files it is given. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A policy to explain, and to be changed. */
export const OLD = `profiles:
  desk: { role: EDITOR, permissions: [journey, ga4] }
  till: { role: TELLER, permissions: [payments] }
rules:
  - { when: { department: [Press, Print] }, profile: desk }
  - { when: { jobTitle: "*cashier*", location: { not: Oslo } }, profile: till }
`;

/** A file that is there until the test ends. */
export function fileOf(text: string, name = 'policy.yml'): string {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

export interface Outcome {
  code: unknown;
  stdout: string;
  stderr: string;
}

/** Runs the command with `ACCESS_POLICY_FILE`; an empty one is none. */
export function run(policyFile: string, ...argv: string[]): Promise<Outcome> {
  return new Promise((done) => {
    const options = { cwd: ROOT, env: { ...process.env, ACCESS_POLICY_FILE: policyFile } };
    execFile(process.execPath, ['infra/cli/policy.ts', ...argv], options, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}
