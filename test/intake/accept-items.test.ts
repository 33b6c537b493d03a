/** What becomes of the several things that one delivery says. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accept, type Receipt } from '../../shared/intake/accept.ts';
import type { Lookup } from '../../shared/lifecycle/lookup.ts';
import type { Notice } from '../../shared/sources/source.ts';
import { memoryWorld } from '../fakes/world.ts';

const AT = '2026-06-15T06:00:00.000Z';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const receipt = (body: string, more: Partial<Receipt> = {}): Receipt => ({
  source: 'desk',
  authority: ['employment', 'grants'],
  deliveryId: 'dlv-1',
  seed: 'desk\ndlv-1',
  requestHash: null,
  receivedAt: AT,
  bodyHash: hash(body),
  ...more,
});
const event = (email: string, more: object = {}): Notice => ({
  kind: 'event',
  event: { type: 'offboard', person: { email } },
  ...more,
});
const unreadable = (pointer: string, position: number): Notice => ({
  kind: 'unreadable',
  violations: [{ pointer, detail: 'canary of a detail' }],
  position,
});

describe('of several items', () => {
  it('a bad one is named and alarmed, and the others are worked on', async () => {
    const world = memoryWorld({ now: AT });
    const accepted = await accept(
      world,
      [
        event('a@hamn.example', { position: 0 }),
        unreadable('/list/1/mail', 1),
        event('c@hamn.example', { position: 2 }),
      ],
      receipt('a body'),
    );
    const [good, bad, other] = accepted.map(({ job }) => job);
    expect([good?.status, bad?.status, other?.status]).toEqual(['queued', 'needs-attention', 'queued']);
    expect(bad?.error?.code).toBe('unreadable');
    expect(bad?.history[0]?.detail).toContain(`${hash('a body')}; wrong at /list/1/mail`);
    expect(world.messages).toEqual([{ jobId: good?.jobId }, { jobId: other?.jobId }]);
    expect(world.alarms).toEqual([{ code: 'unreadable', fields: { jobId: bad?.jobId, source: 'desk' } }]);
    expect(JSON.stringify(world.allJobs())).not.toContain('canary');
  });

  it('the bad one is a new job when it comes in a form that can be read, and the others are the same', async () => {
    const world = memoryWorld({ now: AT });
    const good = event('a@hamn.example', { position: 0 });
    const first = await accept(world, [good, unreadable('/list/1', 1)], receipt('a body'));
    const again = await accept(world, [good, unreadable('/list/1', 1)], receipt('a body'));
    expect(again.map(({ isDuplicate }) => isDuplicate)).toEqual([true, true]);
    const mended = await accept(world, [good, event('b@hamn.example', { position: 1 })], receipt('a mended body'));
    expect(mended.map(({ isDuplicate }) => isDuplicate)).toEqual([true, false]);
    expect(mended[0]?.job.jobId).toBe(first[0]?.job.jobId);
  });

  it('each keeps its place, whatever is left out beside it', async () => {
    const world = memoryWorld({ now: AT });
    const [all] = [
      await accept(
        world,
        [0, 1, 2].map((position) => ({ kind: 'lookup', id: `${position}`, position })),
        receipt('x'),
      ),
    ];
    const [last] = await accept(world, [{ kind: 'lookup', id: '2', position: 2 }], receipt('x'));
    expect(last).toMatchObject({ isDuplicate: true, job: { jobId: all[2]?.job.jobId } });
  });
});

describe('an event that nobody can confirm', () => {
  it('is kept whole, alarmed, and worked on by nobody', async () => {
    const world = memoryWorld({ now: AT });
    const [accepted] = await accept(
      world,
      [event('a@hamn.example', { isUnconfirmed: true, ticket: 'T-1' })],
      receipt('x'),
    );
    expect(accepted?.job).toMatchObject({
      status: 'needs-attention',
      error: { code: 'unconfirmed', retryable: false },
      type: 'offboard',
      email: 'a@hamn.example',
      event: { type: 'offboard', person: { email: 'a@hamn.example' } },
    });
    expect(world.alarms.map(({ code }) => code)).toEqual(['unconfirmed']);
    await world.runFor(86_400);
    expect(world.allPeople()).toEqual([]);
  });

  it('wakes a worker where its ticket wants to hear', async () => {
    const world = memoryWorld({ now: AT });
    const said = event('a@hamn.example', { isUnconfirmed: true, ticket: 'T-1' });
    const [accepted] = await accept(world, [said], receipt('x', { wantsReply: true }));
    expect(world.messages).toEqual([{ jobId: accepted?.job.jobId }]);
    expect(await world.jobs.due(AT, 10)).toMatchObject([{ id: accepted?.job.jobId, isLeaver: false }]);
  });
});

describe('a hint that comes again', () => {
  const hint: Notice = { kind: 'lookup', id: '77', ticket: '77', reference: 'RITM77', isRepeatable: true };
  const told = async (answer: Lookup) => {
    const world = memoryWorld({ now: AT });
    world.records.set('desk 77', answer);
    const [first] = await accept(world, [hint], receipt('x'));
    await world.runFor(1);
    world.advance(60);
    const [again] = await accept(world, [hint], receipt('x', { receivedAt: world.clock.now() }));
    return { world, first, again };
  };

  it('before its look-up is the same job', async () => {
    const world = memoryWorld({ now: AT });
    const [first] = await accept(world, [hint], receipt('x'));
    expect(first?.job.reference).toBe('RITM77');
    expect(await accept(world, [hint], receipt('x'))).toMatchObject([
      { isDuplicate: true, job: { jobId: first?.job.jobId } },
    ]);
  });

  it('after it came to nothing is looked into again: it may have been sent too early, by whomever', async () => {
    const { first, again } = await told({ kind: 'nothing', because: 'not-approved' });
    expect(again).toMatchObject({ isDuplicate: false, job: { status: 'queued', deliveryId: 'dlv-1' } });
    expect(again?.job.jobId).not.toBe(first?.job.jobId);
  });

  it('after it came to something is looked into again, and what it repeats asks for nothing', async () => {
    const event = { type: 'offboard' as const, person: { email: 'a@hamn.example' } };
    const { world, again } = await told({ kind: 'event', event });
    expect(again).toMatchObject({ isDuplicate: false });
    await world.runFor(1);
    expect(await world.jobs.get(again?.job.jobId ?? '')).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
  });

  it('after a person was asked about it is looked into again: they may have mended it', async () => {
    const { again } = await told({ kind: 'unreadable', pointers: ['/mail'] });
    expect(again).toMatchObject({ isDuplicate: false, job: { status: 'queued' } });
  });

  it('is the same job for ever where its delivery has an id that can be relied on', async () => {
    const world = memoryWorld({ now: AT });
    const signed: Notice = { kind: 'lookup', id: '77' };
    await accept(world, [signed], receipt('x'));
    await world.runFor(1);
    expect(await accept(world, [signed], receipt('x'))).toMatchObject([{ isDuplicate: true }]);
  });
});

describe('a ticket', () => {
  it('that cannot be read is named, and hears of it', async () => {
    const world = memoryWorld({ now: AT });
    const said: Notice = { ...unreadable('/fields/mail', 0), ticket: '10017', reference: 'ONB-17' };
    const [accepted] = await accept(world, [said], receipt('x', { wantsReply: true }));
    expect(accepted?.job).toMatchObject({
      status: 'needs-attention',
      error: { code: 'ticket-unreadable' },
      ticket: '10017',
      reference: 'ONB-17',
    });
    await world.runFor(1);
    expect(world.replies).toMatchObject([{ ticket: '10017', status: 'needs-attention' }]);
  });

  it('that asks for nothing we know is kept, with a reason', async () => {
    const world = memoryWorld({ now: AT });
    const said: Notice = { kind: 'skip', because: 'of another type', ticket: '1', reference: 'ONB-1' };
    const [accepted] = await accept(world, [said], receipt('x', { wantsReply: true }));
    expect(accepted?.job).toMatchObject({ status: 'ignored', outcome: 'unsupported', reference: 'ONB-1' });
    expect(accepted?.job.history[0]?.detail).toBe('of another type');
    await world.runFor(60);
    expect(world.replies).toEqual([]);
  });

  it('of an event that nobody can confirm says what is asked for, to whoever must confirm it', async () => {
    const world = memoryWorld({ now: AT });
    const asks = { type: 'onboard' as const, person: { email: 'a@hamn.example' }, effectiveAt: '2026-07-01' };
    const access = { profile: 'treasury', until: '2026-09-30' };
    const said: Notice = { kind: 'event', event: { ...asks, access }, isUnconfirmed: true, ticket: 'T-1' };
    const [accepted] = await accept(world, [said], receipt('x'));
    expect(accepted?.job.history[0]?.detail).toContain(
      'It asks for: onboard, profile treasury, until 2026-09-30, from 2026-07-01 on.',
    );
    expect(accepted?.job.history[0]?.detail).not.toContain('hamn.example');
  });
});

it('a hint carries what was said, for whoever looks it up', async () => {
  const world = memoryWorld({ now: AT });
  const [accepted] = await accept(world, [{ kind: 'lookup', id: '00u7', said: 'onboard' }], receipt('x'));
  expect(accepted?.job).toMatchObject({ reference: '00u7', lookup: { id: '00u7', said: 'onboard', failures: 0 } });
});
