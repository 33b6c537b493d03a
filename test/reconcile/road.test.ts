/** The whole road under random weather: any events, any order, any repetition, any failures, deaths included, end in the oracle's state. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import type { ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';
import { readEvent } from '../../shared/lifecycle/event.ts';
import { linkAccount } from '../../shared/operate/link-account.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import type { Fault } from '../fakes/conscent.ts';
import { type MemoryWorld, memoryWorld, POLICY } from '../fakes/world.ts';
import { ask, type Said } from '../lifecycle/oracle.ts';

const START = Date.parse('2026-03-02T08:00:00.000Z');
const HOUR_MS = 3_600_000;
const MONTH_SECONDS = 40 * 86_400;
const PEOPLE = ['ada@pub.example', 'bo@pub.example', 'cleo@pub.example'];

const hours = (least: number, most: number) => fc.integer({ min: least, max: most });
const at = (hour: number) => new Date(START + hour * HOUR_MS).toISOString();

interface Telling {
  source: string;
  occurred: number;
  event: Record<string, unknown>;
}

/** Each event has an hour of its own, so that nothing hangs on ties. */
const tellings: fc.Arbitrary<Telling[]> = fc
  .uniqueArray(
    fc.record({
      source: fc.constantFrom('hr-one', 'api', 'tickets'),
      occurred: hours(-400, -1),
      email: fc.constantFrom(...PEOPLE),
      type: fc.constantFrom('onboard', 'onboard', 'change', 'offboard', 'offboard'),
      department: fc.constantFrom('Newsroom', 'Treasury', 'Canteen', null, undefined),
      inHours: fc.option(hours(-30, 600), { nil: undefined }),
      access: fc.constantFrom(
        undefined,
        undefined,
        { profile: 'treasury' },
        { role: 'EDITOR', permissions: { ga4: true } },
      ),
    }),
    { minLength: 1, maxLength: 12, selector: ({ occurred }) => occurred },
  )
  .map((list) =>
    list.map(({ source, occurred, email, type, department, inHours, access }) => ({
      source,
      occurred,
      event: {
        type,
        person: { email, ...(department !== undefined && { department }) },
        occurredAt: at(occurred),
        ...(inHours !== undefined && { effectiveAt: at(occurred + inHours) }),
        ...(access && { access }),
      },
    })),
  );

const authorities = {
  'hr-one': ['employment', 'attributes'],
  tickets: ['employment', 'grants'],
  api: ['employment', 'attributes', 'grants'],
} as const;

const answers: ConscentAnswer[] = [
  { kind: 'silence', reason: 'timeout' },
  { kind: 'silence', reason: 'connection-lost' },
  { kind: 'unknown-answer', status: 520 },
  { kind: 'unavailable' },
  { kind: 'throttled', retryAfterSeconds: 30 },
  { kind: 'unauthorized', status: 401 },
];

const faults: fc.Arbitrary<(Fault | null)[]> = fc.array(
  fc.option(
    fc.record({ takesEffect: fc.boolean(), answer: fc.constantFrom(...answers) }).map(({ takesEffect, answer }) => ({
      answer,
      // What is refused is known not to have worked.
      takesEffect: takesEffect && (answer.kind === 'silence' || answer.kind === 'unknown-answer'),
    })),
  ),
  { maxLength: 8 },
);

async function tell(world: MemoryWorld, { source, event }: Telling): Promise<{ jobId: string; said: Said }> {
  const authority = authorities[source as keyof typeof authorities];
  const read = readEvent(event);
  const receivedAt = world.clock.now();
  const seed = JSON.stringify([source, event]);
  const [accepted] = await accept(world, [{ kind: 'event', event: read }], {
    source,
    authority,
    deliveryId: seed,
    seed,
    requestHash: null,
    receivedAt,
  });
  const jobId = accepted?.job.jobId ?? '';
  return { jobId, said: { event: read, origin: { jobId, source, receivedAt, position: 0, authority } } };
}

/** Lets the nth touch of the world from here on be the worker's last. */
async function dying(world: MemoryWorld, death: number | null, work: () => Promise<void>): Promise<void> {
  let touches = 0;
  world.setBlow(() => {
    touches += 1;
    if (death !== null && touches >= death) throw new Error('died');
  });
  await work().catch(() => {});
  world.setBlow(() => {});
}

/** What an operator does about unlinked accounts: look in the dashboard, and link what is there. */
async function linkWhatIsThere(world: MemoryWorld): Promise<void> {
  for (const user of world.fake.users) {
    const holder = world.allPeople().find(({ account }) => account?.userId === user.userId);
    if (!holder) await linkAccount(world, { address: user.email, body: { userId: user.userId }, by: 'operator' });
  }
}

describe('whatever happens on the way', () => {
  test('everybody linked ends as the oracle says, nobody has two accounts, every job is settled, every unlinked leaver is alarmed', async () => {
    const weather = fc.record({
      tellings,
      faults,
      deaths: fc.array(fc.option(fc.integer({ min: 1, max: 40 })), { maxLength: 12 }),
      shuffle: fc.infiniteStream(fc.nat()),
      refusesDuplicates: fc.boolean(),
    });
    const property = fc.asyncProperty(weather, async ({ tellings, faults, deaths, shuffle, refusesDuplicates }) => {
      const world = memoryWorld({ settings: { refusesDuplicates } });
      world.fake.faults = [...faults];
      const arrivals = [...tellings, ...tellings.filter((_, index) => index % 3 === 0)];
      const order = arrivals
        .map((telling) => ({ telling, key: shuffle.next().value ?? 0 }))
        .sort((a, b) => a.key - b.key);
      const saids = new Map<string, Said>();
      for (const [index, { telling }] of order.entries()) {
        const { jobId, said } = await tell(world, telling);
        if (!saids.has(jobId)) saids.set(jobId, said);
        await dying(world, deaths[index] ?? null, () => reconcile(world, { jobId }));
      }
      await world.runFor(MONTH_SECONDS);
      expectAlarms(world);
      await linkWhatIsThere(world);
      await world.runFor(86_400);
      expectTheOraclesState(world, [...saids.values()]);
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

function expectAlarms(world: MemoryWorld): void {
  const unlinkedLeavers = world
    .allPeople()
    .filter(({ account, attempt }) => account?.userId === null && attempt !== null);
  const alarmed = world.alarms.map(({ code }) => code);
  if (unlinkedLeavers.length > 0)
    expect(alarmed).toEqual(expect.arrayContaining([expect.stringMatching(/unlinked|account-exists/)]));
  const open = world.allJobs().filter(({ status }) => ['queued', 'retrying', 'scheduled'].includes(status));
  expect(open).toEqual([]);
}

function expectTheOraclesState(world: MemoryWorld, saids: Said[]): void {
  for (const email of PEOPLE) {
    const accounts = world.fake.users.filter((user) => user.email === email);
    expect(accounts.length).toBeLessThanOrEqual(1);
    const own = saids.filter(({ event }) => event.person.email === email);
    if (own.length === 0) continue;
    const { access } = ask(own, POLICY, 'UTC', world.clock.now());
    const [account] = accounts;
    if (access === 'unknown' || access === 'none') expect(account?.permissions ?? []).toEqual([]);
    else if (account) {
      expect(account.permissions).toEqual(access.permissions);
      expect(access.roles).toContain(account.role);
    } else {
      // Only where a POST was never answered is somebody without the account they should have.
      expect(world.allPeople().some((person) => person.account?.state === 'unlinked')).toBe(true);
    }
  }
}
