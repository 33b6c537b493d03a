import { beforeAll, describe, expect, it } from 'vitest';
import { as, problemOf, SOUND, useHandler } from './stack.ts';

const { send, close } = useHandler(() => import('../../functions/events.ts'));

const post = () =>
  send({
    route: 'POST /events',
    headers: { 'content-type': 'application/json', ...as('writer') },
    body: '{"type":"onboard","person":{"email":"sif@hamn.example"}}',
  });

describe('while everything of ours is down', () => {
  beforeAll(async () => {
    // The tokens have been read; then the ledger goes away.
    expect((await post()).status).toBe(202);
    await close();
  });

  it('a sender is told to come back, and nothing of why', async () => {
    const answer = await post();
    expect(answer).toMatchObject({ status: 503, body: { type: 'urn:conscent-lifecycle:problem:unavailable' } });
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(problemOf(answer)).toEqual(SOUND);
  });
});
