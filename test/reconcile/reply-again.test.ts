/** Our own reply may set the rule off that sent the ticket. It must not become a conversation of ours with ourselves. */
import { expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import { retryJob } from '../../shared/operate/change-job.ts';
import type { Notice } from '../../shared/sources/source.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const IDA = 'ida@pub.example';
const BO = 'bo@pub.example';
type Code = 'unconfirmed' | 'identity-conflict';

/** The ticket is sent, as a delivery of its own: one that nobody confirms, or one that names two people. */
async function sent(world: MemoryWorld, code: Code, ticket = 'T-1') {
  const person = code === 'unconfirmed' ? { email: IDA } : { email: IDA, previousEmail: BO };
  const event = { type: 'onboard' as const, person, access: { profile: 'newsroom' } };
  const notice: Notice = { kind: 'event', event, ticket, ...(code === 'unconfirmed' && { isUnconfirmed: true }) };
  const [accepted] = await accept(world, [notice], {
    source: 'desk',
    authority: ['employment', 'attributes', 'grants'],
    deliveryId: world.newId(),
    seed: world.newId(),
    requestHash: null,
    receivedAt: world.clock.now(),
    wantsReply: true,
  });
  await world.runFor(60);
  return () => world.allJobs().find(({ jobId }) => jobId === accepted?.job.jobId);
}

async function worldWith(code: Code): Promise<MemoryWorld> {
  const world = memoryWorld();
  if (code === 'unconfirmed') return world;
  for (const email of [IDA, BO]) await post(world, about(email, 'onboard', { person: { department: 'Newsroom' } }));
  await world.runFor(60);
  return world;
}

test.each(['unconfirmed', 'identity-conflict'] as const)(
  'a ticket that waits for a person (%s) is told so once, however often it is sent',
  async (code) => {
    const world = await worldWith(code);
    const jobs = [await sent(world, code), await sent(world, code), await sent(world, code)];
    expect(jobs.map((job) => job()?.error?.code)).toEqual(Array(3).fill(code));
    expect(world.replies).toMatchObject([{ ticket: 'T-1', status: 'needs-attention' }]);
    expect(jobs[2]?.()?.history.at(-1)?.detail).toBe('the ticket has been told so before');
    await world.runFor(3_600);
    expect(world.replies).toHaveLength(1);
  },
);

test('another ticket is told, too', async () => {
  const world = memoryWorld();
  await sent(world, 'unconfirmed');
  await sent(world, 'unconfirmed', 'T-2');
  expect(world.replies.map(({ ticket }) => ticket)).toEqual(['T-1', 'T-2']);
});

test('once its first job is done, the next one that waits is told', async () => {
  const world = memoryWorld();
  const first = await sent(world, 'unconfirmed');
  await retryJob(world, { jobId: first()?.jobId ?? '', by: 'desk' });
  await world.runFor(60);
  await sent(world, 'unconfirmed');
  expect(world.replies.map(({ status }) => status)).toEqual(['needs-attention', 'succeeded', 'needs-attention']);
});
