/** `npm run policy`: explains, checks and compares access policies, and writes the schema that editors check them with. */
import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { AccessPolicy } from '../../shared/lifecycle/access-policy.ts';
import { findingLine, type PolicyFile, readPolicyFile, warningLines } from '../policy-file.ts';
import { type Call, thisCall, UsageError } from './command-line.ts';
import { type PolicyCommand, readArguments, USAGE } from './policy-arguments.ts';
import { peopleDifference, policyDifference } from './policy-diff.ts';
import { type PeopleRead, readPeople, readPerson } from './policy-people.ts';
import { explanation } from './policy-report.ts';
import { policyJsonSchema } from './policy-schema.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a command is run with. */
export interface PolicyOptions extends Call {
  /** For faults and warnings. */
  warn(text: string): void;
}

/**
 * Runs a command and answers the exit code: 0, 1 where a policy is not valid, 2 where it was called wrongly, a file cannot be
 * read or a line of people is malformed.
 */
export function policy(options: PolicyOptions): number {
  try {
    return run(readArguments(options.argv), options);
  } catch (error) {
    if (error instanceof InvalidPolicy) return 1;
    if (!(error instanceof UsageError)) throw error;
    options.warn(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

/** What is wrong has been said. */
class InvalidPolicy extends Error {}

function run(asked: PolicyCommand, options: PolicyOptions): number {
  switch (asked.command) {
    case 'help':
      options.write(USAGE);
      return 0;
    case 'schema':
      return writeSchema(options);
    case 'check':
      return check(asked.file, options);
    case 'explain':
      return explain(asked, options);
    case 'diff':
      return diff(asked, options);
  }
}

function writeSchema({ write }: PolicyOptions): number {
  writeFileSync(join(ROOT, 'access-policy.schema.json'), policyJsonSchema());
  write('access-policy.schema.json is written\n');
  return 0;
}

function check(given: string | undefined, options: PolicyOptions): number {
  const file = given ?? policyInForce(options);
  const { hash, rules, profiles } = load(file, options);
  options.write(`${file}: ${Object.keys(profiles).length} profiles, ${rules.length} rules\nhash ${hash}\n`);
  return 0;
}

function explain({ file, person }: PolicyCommand & { command: 'explain' }, options: PolicyOptions): number {
  const attributes = attributesOf(person);
  const used = file ?? policyInForce(options);
  const inForce = load(used, options);
  options.write(lines([`policy  ${used}, hash ${inForce.hash}`, ...explanation(inForce, attributes)]));
  return 0;
}

function attributesOf(person: Record<string, unknown>) {
  try {
    return readPerson(person).attributes;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function diff(asked: PolicyCommand & { command: 'diff' }, options: PolicyOptions): number {
  const [before, after] = loadBoth([asked.before, asked.after], options);
  const { people, malformed } = readPeopleFile(asked.people);
  const change = { before, after };
  options.write(lines([`hash ${before.hash} → ${after.hash}`, '', ...policyDifference(change)]));
  if (asked.people !== undefined) options.write(lines(['', ...peopleDifference(change, people)]));
  for (const line of malformed) options.warn(`${asked.people}: ${line}\n`);
  return malformed.length > 0 ? 2 : 0;
}

/** What is wrong with the second is worth saying where the first is wrong too. */
function loadBoth([before, after]: [string, string], options: PolicyOptions): [AccessPolicy, AccessPolicy] {
  const [old, now] = [read(before), read(after)];
  report(before, old, options);
  report(after, now, options);
  if (!old.policy || !now.policy) throw new InvalidPolicy();
  return [old.policy, now.policy];
}

function load(file: string, options: PolicyOptions): AccessPolicy {
  const found = read(file);
  report(file, found, options);
  if (!found.policy) throw new InvalidPolicy();
  return found.policy;
}

function read(file: string): PolicyFile {
  return readable(file, () => readPolicyFile(file));
}

function readPeopleFile(file: string | undefined): PeopleRead {
  if (file === undefined) return { people: [], malformed: [] };
  return readPeople(readable(file, () => readFileSync(file, 'utf8')));
}

function readable<T>(file: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new UsageError(`${file} cannot be read (${code}).`);
  }
}

function report(file: string, found: PolicyFile, { warn }: PolicyOptions): void {
  for (const fault of found.faults) warn(`${findingLine(file, fault)}\n`);
  for (const line of warningLines(file, found)) warn(`${line}\n`);
}

/** Relative to the project, as for everything else that reads the variable; empty counts as not set. */
function policyInForce({ env }: PolicyOptions): string {
  const file = env['ACCESS_POLICY_FILE'] || 'access-policy.yml';
  return isAbsolute(file) ? file : relative(process.cwd(), join(ROOT, file));
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}

if (import.meta.main) {
  process.exitCode = policy({ ...thisCall(), warn: (text) => process.stderr.write(text) });
}
