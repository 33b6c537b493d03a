/** Runs of `npm run chaos`, each in a process of its own: a run takes its process's time and chance for good. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const LONGEST_MS = 240_000;

/** What a run prints, and how it ends. */
function chaos(...asked: string[]): Promise<{ code: unknown; text: string }> {
  const command = ['--import', './infra/yml-hook.ts', 'infra/cli/chaos.ts', ...asked];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT, timeout: LONGEST_MS }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, text: `${stdout}${stderr}` }),
    );
  });
}

test(
  'whatever goes wrong nothing is lost, nothing is doubled and no leaver is left in',
  async () => {
    const { code, text } = await chaos('--seed', '7', '--events', '200');
    expect(code, text).toBe(0);
    expect(text).toContain('nothing lost, nothing doubled, no leaver left in');
    expect(text).toMatch(/^ +[1-9]\d* {2}POST effect after the time-out$/m);
  },
  LONGEST_MS,
);

describe('a worker that is killed', () => {
  test(
    'at any touch of the world leaves a create, an update or a revoke that the sweep alone brings to its end',
    async () => {
      const { code, text } = await chaos('--matrix');
      expect(code, text).toBe(0);
      const rows = text.trim().split('\n').slice(1);
      expect(rows.length).toBeGreaterThan(15);
      expect(text).not.toContain('LOST');
      // An account that may exist without anybody knowing its id: only between the intent and the record of the answer, and only of a create.
      const told = rows.filter((row) => row.includes('told')).map((row) => row.split(/ {2,}/)[0]);
      expect(told.every((row) => row === 'plan: claim the person' || row?.startsWith('call: '))).toBe(true);
      // Killed before or after the call, an update and a revoke are sent again, and killed before it they are not lost.
      expect(rows.find((row) => row.startsWith('call: PATCH'))).toMatch(/PATCH +once · again +again · again$/);
    },
    LONGEST_MS,
  );
});

describe('while Conscent is down', () => {
  test(
    'for a day everything waits, and then converges by itself, leavers first',
    async () => {
      const { code, text } = await chaos('--down', '24', '--seed', '3');
      expect(code, text).toBe(0);
      expect(text).toContain('0 calls had an effect meanwhile');
      for (const kind of ['leaver', 'mover', 'joiner'])
        expect(text).toMatch(new RegExp(`^${kind} +8 hold what they should, 8 jobs succeeded, 0 need`, 'm'));
      expect(text).toContain('leavers overtaken within a minute: 0');
    },
    LONGEST_MS,
  );

  test(
    'for two days the others need a person who was told, and leavers still lose their access by themselves',
    async () => {
      const { code, text } = await chaos('--down', '48', '--seed', '3');
      expect(code, text).toBe(0);
      expect(text).toMatch(/^leaver +8 hold what they should, 8 jobs succeeded, 0 need/m);
      for (const kind of ['mover', 'joiner'])
        expect(text).toMatch(new RegExp(`^${kind} +0 hold what they should, 0 jobs succeeded, 8 need a person`, 'm'));
    },
    LONGEST_MS,
  );
});
