import type { SQSEvent } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import type { World } from '../../shared/lifecycle/ports.ts';
import { fakeConscent } from '../fakes/conscent.ts';
import { lambdaContext } from '../middleware/request.ts';
import { as, useHandler } from './stack.ts';

const { send } = useHandler(() => import('../../functions/events.ts'));

function messages(...bodies: string[]): SQSEvent {
  const from = { eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:none', awsRegion: 'none' };
  const attributes = {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: '',
    ApproximateFirstReceiveTimestamp: '0',
  };
  const Records = bodies.map((body, index) => {
    const id = { messageId: `message-${index}`, receiptHandle: '', md5OfBody: '' };
    return { ...id, body, attributes, messageAttributes: {}, ...from };
  });
  return { Records };
}

describe('the worker', () => {
  const unreadable = [
    '',
    'wake up',
    'null',
    '[]',
    '{}',
    '{"jobId":7}',
    '{"__proto__":{"jobId":"x"}}',
    '{"jobId":"ran@hamn.example"}',
  ];
  for (const body of unreadable) {
    it(`gives a message back that is no wake-up, and that one alone: ${JSON.stringify(body)}`, async () => {
      const { handler } = await import('../../functions/reconcile.ts');
      const answer = await handler(messages('{"jobId":"nobody-s"}', body, '{"personId":"nobody-s"}'), lambdaContext());
      expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    });
  }
});

describe('a leaver', () => {
  let world: World;
  const conscent = fakeConscent();
  beforeAll(async () => {
    const { wire } = await import('../../shared/wiring.ts');
    world = { ...wire().world, conscent };
  });

  const post = async (event: object) => {
    const headers = { 'content-type': 'application/json', ...as('writer') };
    const { body } = await send({ route: 'POST /events', headers, body: JSON.stringify(event) });
    const { jobs } = body as { jobs: { jobId: string }[] };
    const { reconcile } = await import('../../shared/reconcile/reconcile.ts');
    for (const { jobId } of jobs) await reconcile(world, { jobId }).catch(() => {});
  };

  // DynamoDB takes items of 400 KB (the embedded one does not count what is nested); a save above it fails, so nobody could revoke.
  // Fifty attributes of two hundred characters are 30 KB in most scripts of the world.
  it('still fits into the ledger however much was said of them before', async () => {
    const person = { email: 'ran@hamn.example', department: 'Finance' };
    await post({ type: 'onboard', person });
    for (let day = 10; day < 30; day += 1) {
      const text = String.fromCodePoint(0x4e00 + day).repeat(200);
      const attributes = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`a${index}`, text]));
      await post({ type: 'change', person: { ...person, attributes }, occurredAt: `2026-08-${day}T00:00:00Z` });
    }
    await post({ type: 'offboard', person: { email: person.email } });
    expect(conscent.users).toMatchObject([{ permissions: [] }]);
    const [id] = await world.people.find([{ kind: 'email', email: person.email }]);
    const stored = await world.people.get(id ?? '');
    expect(Buffer.byteLength(JSON.stringify(stored))).toBeLessThan(400 * 1024);
  });
});
