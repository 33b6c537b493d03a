/** The ticket hears back: after the access change, at least once, and without ever holding an access change up. */
import { describe, expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import type { ReplyAnswer } from '../../shared/lifecycle/reply.ts';
import { cancelJob, retryJob } from '../../shared/operate/change-job.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import type { Notice } from '../../shared/sources/source.ts';
import { dieAt } from '../fakes/death.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const DAY = 86_400;
const IDA = 'ida@pub.example';
const joins = about(IDA, 'onboard', { person: { department: 'Newsroom' } });
const leaves: CanonicalEvent = { type: 'offboard', person: { email: IDA }, reference: 'T-1' };

/** A ticket says something; nothing has been worked on yet. */
async function ticket(world: MemoryWorld, notice: Partial<Notice> = {}, wantsReply = true) {
  const [accepted] = await accept(world, [{ kind: 'event', event: leaves, ticket: 'T-1', ...notice } as Notice], {
    source: 'desk',
    authority: ['employment', 'grants'],
    deliveryId: world.newId(),
    seed: world.newId(),
    requestHash: null,
    receivedAt: world.clock.now(),
    wantsReply,
  });
  const jobId = accepted?.job.jobId ?? '';
  return { jobId, job: () => world.allJobs().find((one) => one.jobId === jobId) };
}

async function employed() {
  const world = memoryWorld();
  await post(world, joins);
  await world.runFor(1);
  return world;
}

const codes = (world: MemoryWorld) => world.alarms.map(({ code }) => code);

describe('a ticket', () => {
  test('is told when the access has changed, and not before', async () => {
    const world = await employed();
    const held: string[][] = [];
    const { reply } = world;
    world.reply = (...said) => {
      held.push(...world.fake.users.map(({ permissions }) => permissions));
      return reply(...said);
    };
    const { jobId } = await ticket(world);
    await world.runFor(1);
    expect(held).toEqual([[]]);
    expect(world.replies).toMatchObject([{ source: 'desk', ticket: 'T-1', status: 'succeeded' }]);
    expect(world.replies[0]?.text).toContain(jobId);
  });

  test('of a source that tells nobody is not told', async () => {
    const world = await employed();
    await ticket(world, {}, false);
    await world.runFor(DAY);
    expect(world.replies).toEqual([]);
  });

  test('hears of a date only when it has come', async () => {
    const world = await employed();
    await ticket(world, { event: { ...leaves, effectiveAt: '2026-03-05' } } as Partial<Notice>);
    await world.runFor(2 * DAY);
    expect(world.replies).toEqual([]);
    await world.runFor(3 * DAY);
    expect(world.replies).toHaveLength(1);
  });

  test('hears that it was withdrawn', async () => {
    const world = await employed();
    const { jobId } = await ticket(world, { event: { ...leaves, effectiveAt: '2026-03-05' } } as Partial<Notice>);
    await world.runFor(1);
    await cancelJob(world, { jobId, by: 'it-desk' });
    await world.runFor(60);
    expect(world.replies).toMatchObject([{ status: 'cancelled' }]);
    expect(world.replies[0]?.text).not.toContain('it-desk');
  });

  test('that nobody can confirm hears so at once, and what came of it later', async () => {
    const world = await employed();
    const { jobId, job } = await ticket(world, { isUnconfirmed: true } as Partial<Notice>);
    expect(codes(world)).toEqual(['unconfirmed']);
    await world.runFor(1);
    expect(world.fake.users[0]?.permissions).not.toEqual([]);
    await retryJob(world, { jobId, by: 'it-desk' });
    await world.runFor(1);
    expect(job()).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    expect(world.replies.map(({ status }) => status)).toEqual(['needs-attention', 'succeeded']);
  });

  test('whose person is two hears so', async () => {
    const world = await employed();
    await post(world, about('odd@pub.example', 'onboard', { person: { externalId: '9' } }));
    await world.runFor(1);
    await ticket(world, {
      event: { type: 'change', person: { email: IDA, previousEmail: 'odd@pub.example' } },
    } as Partial<Notice>);
    await world.runFor(1);
    expect(world.replies).toMatchObject([{ status: 'needs-attention' }]);
    expect(codes(world)).toEqual(['identity-conflict']);
  });

  test('that repeats itself is not told again, and asks for nothing', async () => {
    const world = await employed();
    await ticket(world);
    await world.runFor(1);
    const again = await ticket(world);
    await world.runFor(DAY);
    expect(again.job()).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    expect(world.replies).toHaveLength(1);
  });
});

describe('while the ticketing system does not listen', () => {
  const failing = (world: MemoryWorld, answers: ReplyAnswer[]) => {
    const { reply } = world;
    world.reply = async (...said) => answers.shift() ?? reply(...said);
  };

  test('it is told on the retry schedule, or when it asks to be', async () => {
    const world = await employed();
    const down: ReplyAnswer = { kind: 'failed', reason: 'vendor-unavailable' };
    failing(world, [down, { ...down, retryAfterSeconds: 600 }]);
    const { job } = await ticket(world);
    await world.runFor(1);
    // Five seconds, a twentieth of it jitter.
    expect(job()?.reply).toMatchObject({ trying: { failures: 1, nextAt: '2026-03-02T08:00:06.250Z' } });
    await world.runFor(6);
    expect(job()?.reply).toMatchObject({ trying: { failures: 2 } });
    await world.runFor(500);
    expect(world.replies).toEqual([]);
    await world.runFor(110);
    expect(world.replies).toHaveLength(1);
    expect(job()?.reply).toEqual({ told: 'succeeded/revoked', trying: null });
  });

  test('leavers go first: it is told in a turn of its own, however slow it is', async () => {
    const world = await employed();
    const order: string[] = [];
    const { update } = world.conscent;
    world.conscent.update = (...said) => {
      order.push('revoked');
      return update(...said);
    };
    world.reply = async () => {
      order.push('told');
      return { kind: 'told' };
    };
    await post(world, about('bo@pub.example', 'onboard', { person: { department: 'Treasury' } }));
    await world.runFor(1);
    await ticket(world);
    const event = { type: 'offboard', person: { email: 'bo@pub.example' }, reference: 'T-2' };
    await ticket(world, { event, ticket: 'T-2' } as Partial<Notice>);
    await world.runFor(1);
    expect(order).toEqual(['revoked', 'revoked', 'told', 'told']);
  });

  test('what it refuses is given up, and alarmed, and the job is what it was', async () => {
    const world = await employed();
    failing(world, [{ kind: 'refused' }]);
    const { job } = await ticket(world);
    await world.runFor(DAY);
    expect(codes(world)).toEqual(['reply-undelivered']);
    expect(job()).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    expect(world.replies).toEqual([]);
  });

  test('a failing that began before a second message does not alarm until that is given up', async () => {
    const world = await employed();
    const { jobId } = await ticket(world, { isUnconfirmed: true } as Partial<Notice>);
    await world.runFor(1);
    failing(world, [{ kind: 'failed', reason: 'vendor-unauthorized' }]);
    await retryJob(world, { jobId, by: 'it-desk' });
    await world.runFor(60);
    expect(codes(world)).toEqual(['unconfirmed']);
    expect(world.replies).toHaveLength(2);
  });

  test('nobody else’s access waits', async () => {
    const world = await employed();
    await post(world, about('bo@pub.example', 'onboard', { person: { department: 'Treasury' } }));
    await world.runFor(1);
    const slow = Promise.withResolvers<ReplyAnswer>();
    const telling = Promise.withResolvers<void>();
    world.reply = () => {
      telling.resolve();
      return slow.promise;
    };
    const { jobId } = await ticket(world);
    await reconcile(world, { jobId });
    const worker = reconcile(world, { jobId });
    await telling.promise;
    await post(world, about('bo@pub.example', 'offboard'));
    await post(world, about(IDA, 'change', { person: { externalId: '1' } }));
    await world.runFor(1);
    expect(world.fake.users.map(({ permissions }) => permissions)).toEqual([[], []]);
    slow.resolve({ kind: 'told' });
    await worker;
  });
});

describe('an update of ours that comes back as an event', () => {
  /** Every note sets off a delivery, as a rule without a condition would, before it is noted that it was written. */
  function echoing(world: MemoryWorld, notice: Partial<Notice>, seconds = 2) {
    const { reply } = world;
    let isOver = false;
    world.reply = async (...said) => {
      isOver ||= world.replies.length > 5;
      const answer = await reply(...said);
      if (!isOver) await ticket(world, notice);
      world.advance(seconds);
      return answer;
    };
  }
  const unclear = {
    event: { type: 'change', person: { email: IDA, previousEmail: 'odd@pub.example' } },
  } as Partial<Notice>;

  test.each<[string, Partial<Notice>]>([
    ['needs a person each time', { isUnconfirmed: true } as Partial<Notice>],
    ['names two people each time', unclear],
  ])('and %s is answered once, and not for ever', async (_, notice) => {
    const world = await employed();
    await post(world, about('odd@pub.example', 'onboard', { person: { externalId: '9' } }));
    await world.runFor(1);
    echoing(world, notice);
    await ticket(world, notice);
    await world.runFor(DAY);
    const [first, echo, ...none] = world.allJobs().filter(({ source }) => source === 'desk');
    expect([world.replies.length, none]).toEqual([1, []]);
    expect(first?.history.at(-1)?.detail).toBe('the ticket was told');
    expect(echo).toMatchObject({ status: 'needs-attention', reply: { trying: null } });
    expect(echo?.history.at(-1)?.detail).toBe('the ticket has heard this already');
  });

  test('is told apart from what somebody says later, and from other tickets and other words', async () => {
    const world = await employed();
    const unconfirmed = { isUnconfirmed: true } as Partial<Notice>;
    await ticket(world, unconfirmed);
    await world.runFor(1);
    await ticket(world, { ...unconfirmed, ticket: 'T-2' } as Partial<Notice>);
    await world.runFor(1);
    await post(world, about('odd@pub.example', 'onboard', { person: { externalId: '9' } }));
    await world.runFor(1);
    await ticket(world, unclear);
    await world.runFor(1);
    expect(world.replies.map(({ ticket: told }) => told)).toEqual(['T-1', 'T-2', 'T-1']);
    await world.runFor(400);
    await ticket(world, unconfirmed);
    await world.runFor(1);
    expect(world.replies).toHaveLength(4);
  });
});

describe('a ticket that has said something else since', () => {
  test('is told of that, and not that the first was made void', async () => {
    const world = await employed();
    await ticket(world, { event: { ...leaves, effectiveAt: '2026-03-20' } } as Partial<Notice>);
    await world.runFor(1);
    const moved = await ticket(world, { event: { ...leaves, effectiveAt: '2026-03-10' } } as Partial<Notice>);
    await world.runFor(10 * DAY);
    expect(moved.job()).toMatchObject({ outcome: 'revoked' });
    expect(world.replies.map(({ status }) => status)).toEqual(['succeeded']);
  });

  test('by another ticket is told that the first was made void', async () => {
    const world = await employed();
    await ticket(world, { event: { ...leaves, effectiveAt: '2026-03-20' } } as Partial<Notice>);
    await world.runFor(1);
    await ticket(world, { event: { ...leaves, reference: 'T-2' }, ticket: 'T-2' } as Partial<Notice>);
    await world.runFor(60);
    expect(world.replies.map(({ ticket: told }) => told).sort()).toEqual(['T-1', 'T-2']);
  });
});

describe('a job that an operator has cancelled', () => {
  test('does not come back with the next edit of its ticket', async () => {
    const world = memoryWorld();
    const hire = {
      type: 'onboard',
      person: { email: IDA },
      effectiveAt: '2026-03-10',
      access: { profile: 'treasury' },
    };
    const said = { event: { ...hire, reference: 'T-5' }, ticket: 'T-5' } as Partial<Notice>;
    const { jobId } = await ticket(world, said);
    await world.runFor(1);
    await cancelJob(world, { jobId, by: 'it-desk' });
    const again = await ticket(world, said);
    await world.runFor(20 * DAY);
    expect(again.job()).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    expect(world.fake.users).toEqual([]);
  });
});

describe('of several workers', () => {
  test('one tells it', async () => {
    const world = await employed();
    const { jobId } = await ticket(world);
    await Promise.all([1, 2, 3].map(() => reconcile(world, { jobId })));
    await world.runFor(DAY);
    expect(world.replies).toHaveLength(1);
  });

  test('one that dies, wherever it does, leaves a ticket that is told once or twice, and an access that is right', async () => {
    const deaths = new Set<string>();
    for (let death = 1; death < 200; death += 1) {
      const world = await employed();
      const { jobId } = await ticket(world);
      const diedAt = await dieAt(world, death, async () => {
        await reconcile(world, { jobId });
        await reconcile(world, { jobId });
      });
      if (diedAt === null) break;
      deaths.add(diedAt);
      // No message is left: the sweep alone is enough.
      world.messages.length = 0;
      await world.runFor(DAY);
      expect([diedAt, world.fake.users.map(({ permissions }) => permissions)]).toEqual([diedAt, [[]]]);
      expect(world.replies.length).toBeGreaterThanOrEqual(1);
      expect(world.replies.length).toBeLessThanOrEqual(2);
    }
    expect([...deaths]).toEqual(expect.arrayContaining(['before reply', 'after reply', 'after conscent.update']));
  });
});
