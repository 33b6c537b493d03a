/** Hints: the worker asks the vendor what happened, and what the vendor says is the job's event from then on. */
import { describe, expect, test } from 'vitest';
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import type { Lookup } from '../../shared/lifecycle/lookup.ts';
import { retryJob } from '../../shared/operate/change-job.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { dieAt } from '../fakes/death.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { access, DAY, EBBA, HR, record, told } from './told.ts';

const event = (more: Partial<CanonicalEvent> = {}): Lookup => ({
  kind: 'event',
  event: { type: 'offboard', person: { email: EBBA, firstName: 'Canary-Ebba' }, reference: 'T-7', ...more },
});
const NEWSROOM = ['paywallBuilder', 'journey'];
const hint = { ticket: '77', said: 'onboard' as const };

/** A hint that may be looked into now, and that nobody has looked into yet. */
async function due(world: MemoryWorld) {
  const job = await told(world, event(), { ...hint, settleSeconds: 5 }, 0);
  world.advance(5);
  expect(job()).toMatchObject({ status: 'queued', type: null });
  return job;
}

async function employed() {
  const world = memoryWorld();
  await told(world, record());
  expect(access(world)).toEqual([NEWSROOM]);
  return world;
}

describe('what the vendor says', () => {
  test('is the job’s event, whatever was hinted at, and it is as new as the look-up', async () => {
    const world = await employed();
    world.advance(60);
    const at = world.clock.now();
    const job = await told(world, event({ occurredAt: '2026-01-01T00:00:00Z' }), hint);
    expect(job()).toMatchObject({
      type: 'offboard',
      email: EBBA,
      reference: 'T-7',
      outcome: 'revoked',
      effectiveAt: at,
    });
    expect(access(world)).toEqual([[]]);
  });

  test('counts as far as its source has authority, and names are not kept', async () => {
    const world = memoryWorld();
    const job = await told(world, event({ type: 'onboard', access: { profile: 'treasury' } }), hint);
    expect(
      job()
        ?.history.map(({ detail }) => detail)
        .join(),
    ).toContain('no authority over them: access');
    expect(JSON.stringify(world.allJobs())).not.toContain('Canary');
  });

  test('is written down once and what came of it once, neither over what the other wrote', async () => {
    const world = await employed();
    const job = await due(world);
    let tries = 0;
    const { change } = world.jobs;
    world.jobs.change = (jobId, by, read) =>
      change(
        jobId,
        (stored) => {
          tries += 1;
          return by(stored);
        },
        read,
      );
    const before = job()?.version ?? expect.fail();
    await reconcile(world, { jobId: job()?.jobId ?? '' });
    expect(job()).toMatchObject({ outcome: 'revoked', version: before + 2 });
    expect(tries).toBe(2);
  });

  test('is asked for once, wherever a worker dies, and done in the end', async () => {
    const deaths = new Set<string>();
    for (let death = 1; death < 200; death += 1) {
      const world = await employed();
      const job = await due(world);
      const diedAt = await dieAt(world, death, () => reconcile(world, { jobId: job()?.jobId ?? '' }));
      if (diedAt === null) break;
      deaths.add(diedAt);
      world.messages.length = 0;
      await world.runFor(DAY);
      expect([diedAt, access(world)]).toEqual([diedAt, [[]]]);
      expect([diedAt, job()?.status]).toEqual([diedAt, 'succeeded']);
    }
    expect([...deaths]).toEqual(expect.arrayContaining(['before lookUp', 'before jobs.change', 'after people.save']));
  });

  test('of two workers is what the first was told', async () => {
    const world = await employed();
    const job = await due(world);
    const slow = Promise.withResolvers<Lookup>();
    const asked = Promise.withResolvers<void>();
    world.lookUp = () => {
      asked.resolve();
      return slow.promise;
    };
    const slower = reconcile(world, { jobId: job()?.jobId ?? '' });
    await asked.promise;
    world.lookUp = async () => event();
    await reconcile(world, { jobId: job()?.jobId ?? '' });
    const done = job();
    slow.resolve(event({ type: 'onboard' }));
    await slower;
    expect(job()?.event).toEqual(done?.event);
    expect(access(world)).toEqual([[]]);
  });
});

describe('a ticket that is there', () => {
  test('and asks for nothing is ignored, and is told nothing', async () => {
    const world = await employed();
    const job = await told(world, { kind: 'nothing', because: 'not-approved' }, hint, DAY);
    expect(job()).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    expect(job()?.finishedAt).toBeTruthy();
    expect(access(world)).toEqual([NEWSROOM]);
    expect(world.alarms).toEqual([]);
  });

  test('and cannot be read needs a person, who is told where, and is looked at again when they retry', async () => {
    const world = await employed();
    const job = await told(world, { kind: 'unreadable', pointers: ['/fields/mail'] }, hint);
    expect(job()).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-unreadable' } });
    expect(job()?.error?.detail).toContain('Wrong: /fields/mail.');
    expect(world.alarms.map(({ code }) => code)).toEqual(['ticket-unreadable']);
    world.records.set(HR, event());
    await retryJob(world, { jobId: job()?.jobId ?? '', by: 'it-desk' });
    await world.runFor(1);
    expect(job()).toMatchObject({ outcome: 'revoked' });
  });
});

test.each<[string, Extract<Lookup, { kind: 'nothing' }>['because'], string, string]>([
  ['a ticket that is not approved', 'not-approved', 'ticket-not-approved', 'approve it and retry'],
  ['a ticket of another type', 'other-request', 'ticket-other-request', 'its type is none of the words'],
  ['a user who is not active', 'not-active', 'user-not-active', 'The user is not active there yet'],
])(
  '%s, when a person who was asked about it retries, is not dropped without a word, nor called another',
  async (_, because, code, says) => {
    const world = await employed();
    const job = await told(world, { kind: 'unreadable', pointers: ['/fields/mail'] }, hint);
    world.records.set(HR, { kind: 'nothing', because });
    await retryJob(world, { jobId: job()?.jobId ?? '', by: 'it-desk' });
    await world.runFor(1);
    expect(job()).toMatchObject({ status: 'needs-attention', error: { code } });
    expect(job()?.error?.detail).toContain(says);
    expect(access(world)).toEqual([NEWSROOM]);
    expect(world.alarms.at(-1)).toMatchObject({ code });
  },
);

test('a ticket that was moved is known by its lasting id from then on', async () => {
  const world = await employed();
  const job = await told(world, { ...event(), ticket: '10017' } as Lookup, hint);
  expect(job()).toMatchObject({ ticket: '10017', reference: 'T-7', outcome: 'revoked' });
  const again = await told(world, { ...event(), ticket: '10017' } as Lookup, { ...hint, ticket: 'OTHER-1' });
  expect(again()).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
});

test.each([
  ['a ticket', hint, 'ticket-not-found'],
  ['anything else', { said: 'offboard' as const }, 'employee-not-found'],
])('of %s that is not there nothing follows: it needs a person', async (_, notice, code) => {
  const world = await employed();
  const job = await told(world, { kind: 'not-found' }, notice);
  expect(job()).toMatchObject({ status: 'needs-attention', error: { code } });
  expect(access(world)).toEqual([NEWSROOM]);
});

test('a vendor that cannot be asked is asked again, with the same hint', async () => {
  const world = await employed();
  const asked: unknown[] = [];
  const { lookUp } = world;
  world.lookUp = (...question) => {
    asked.push(question);
    return lookUp(...question);
  };
  const job = await told(world, { kind: 'failed', reason: 'vendor-unavailable' }, hint);
  expect(job()).toMatchObject({ status: 'retrying', error: { code: 'vendor-unavailable' } });
  world.records.set(HR, event());
  await world.runFor(10);
  expect(job()).toMatchObject({ outcome: 'revoked' });
  expect(asked).toEqual(Array(asked.length).fill(['hr-one', '77', 'onboard']));
});
