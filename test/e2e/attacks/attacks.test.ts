/**
 * Attacks on the running system: what is answered and stored, and that no secret and nothing private is seen again. docs/security.md is
 * written from what they come to (`npm run docs`), and is wrong when this fails.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Answer, type Attack, answeredIn, type Family, type LedgerJob, storedIn } from './attack.ts';
import { addresses } from './families/addresses.ts';
import { bodies } from './families/bodies.ts';
import { controls } from './families/controls.ts';
import { headers } from './families/headers.ts';
import { hints } from './families/hints.ts';
import { identities } from './families/identities.ts';
import { lineBreaks } from './families/line-breaks.ts';
import { paths } from './families/paths.ts';
import { replays } from './families/replays.ts';
import { returns } from './families/returns.ts';
import { signatures } from './families/signatures.ts';
import { tickets } from './families/tickets.ts';
import { timing } from './families/timing.ts';
import { tokens } from './families/tokens.ts';
import { SECURITY_PAGE, securityPage } from './page.ts';
import { SECRETS } from './secrets.ts';
import { type Stage, startStage } from './stage.ts';
import { until } from './until.ts';

const FAMILIES: readonly Family[] = [
  controls,
  ...[signatures, replays, headers, lineBreaks, bodies],
  ...[identities, returns, paths, tokens, timing, hints, tickets, addresses],
];

vi.mock('node:crypto', async (original) => {
  const actual = await original<typeof import('node:crypto')>();
  return { ...actual, timingSafeEqual: vi.fn(actual.timingSafeEqual) };
});

interface Outcome {
  answers: Answer[];
  jobs: LedgerJob[];
  /** What was written although the attack came to nothing, or to a job that waits for a person. */
  strays: string[];
  leaks: string[];
  failure: unknown;
}

const outcomes = new Map<Attack, Outcome>();
let stage: Stage;

// One after the other, in the order of the page: whose job is whose would not be known otherwise.
beforeAll(async () => {
  stage = await startStage();
  for (const attack of FAMILIES.flatMap(({ attacks }) => attacks)) outcomes.set(attack, await carryOut(attack));
}, 300_000);
afterAll(() => stage.close());

async function carryOut(attack: Attack): Promise<Outcome> {
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  const outcome: Outcome = { answers: [], jobs: [], strays: [], leaks: [], failure: null };
  try {
    await attack.given?.(stage);
    const before = (await settledJobs()).map(({ jobId }) => jobId);
    const people = await stage.people();
    outcome.answers = [await attack.send(stage, canary)].flat();
    outcome.jobs = (await settledJobs()).filter(({ jobId }) => !before.includes(jobId));
    outcome.strays = await straysOf(outcome.jobs, people);
    await attack.besides?.holds({ stage, ...outcome });
  } catch (error) {
    outcome.failure = error;
  }
  outcome.leaks = leaksOf(outcome.answers, canary);
  return outcome;
}

async function settledJobs(): Promise<LedgerJob[]> {
  let jobs: LedgerJob[] = [];
  const moving = async () => {
    jobs = await stage.jobs();
    return jobs.filter(({ status }) => status === 'queued').length;
  };
  await until(moving, 0);
  return jobs;
}

/** New people, and keys that point at them, of what changes nothing; and messages that are more than an id of the ledger's. */
async function straysOf(jobs: readonly LedgerJob[], before: readonly string[]): Promise<string[]> {
  const changesNothing = jobs.every(({ status }) => status === 'needs-attention');
  const people = (await stage.people()).filter((id) => changesNothing && !before.includes(id));
  const known = [...(await stage.jobs()).map(({ jobId }) => jobId), ...(await stage.people())].join();
  const isWakeUp = (message: string) => {
    const [, id = '?'] = /^\{"(?:jobId|personId)":"([0-9a-f-]+)"\}$/.exec(message) ?? [];
    return known.includes(id);
  };
  return [...people, ...stage.everything().messages.filter((message) => !isWakeUp(message))];
}

function leaksOf(answers: readonly Answer[], canary: string): string[] {
  const { logs, written } = stage.everything();
  const places = { logs, written, answers: JSON.stringify(answers) };
  const inAll = Object.entries(places).flatMap(([place, all]) =>
    [canary, ...SECRETS]
      .filter((secret) => all.includes(secret))
      .map((secret) => `${secret.split('-')[0]} in ${place}`),
  );
  const internals = answers.filter(({ text }) => /stackTrace|node_modules|\.ts:\d/.test(text));
  return [...inAll, ...internals.map(({ text }) => `internals: ${text.slice(0, 200)}`)];
}

describe.each(FAMILIES)('$title', ({ attacks }) => {
  test.each(attacks)('$rule', (attack) => {
    const { answers, jobs, strays, leaks, failure } = outcomes.get(attack) ?? {
      answers: [],
      jobs: [],
      strays: [],
      leaks: [],
      failure: 'not run',
    };
    const { answered, stored } = attack;
    if (answers.length === 0) throw failure;
    expect({ answered: answeredIn(answers), stored: storedIn(jobs) }).toEqual({ answered, stored });
    if (failure) throw failure;
    expect({ strays, leaks }).toEqual({ strays: [], leaks: [] });
  });
});

test('docs/security.md says what the attacks have come to', async () => {
  const page = securityPage(FAMILIES, (attack) => {
    const { answers, jobs } = outcomes.get(attack) ?? { answers: [], jobs: [] };
    return { answered: answeredIn(answers), stored: storedIn(jobs) };
  });
  await expect(page).toMatchFileSnapshot(SECURITY_PAGE);
});
