import { beforeAll, describe, expect, it, vi } from 'vitest';
import { lambdaContext } from '../middleware/request.ts';
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

  it('the sweep fails, and says of each of its parts what it failed over', async () => {
    const { handler } = await import('../../functions/sweep.ts');
    const lines: string[] = [];
    const writes = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0),
    );
    const swept = handler({}, lambdaContext('sweep-4'));
    await expect(swept).rejects.toThrow('parts of the sweep failed');
    for (const write of writes) write.mockRestore();
    const failed = lines
      .join('')
      .match(/"message":"failed".*"requestId":"sweep-4"|"requestId":"sweep-4".*"message":"failed"/g);
    // Waking, the ledger’s watch, the guard’s and the roll-out. Which sources there are their secret says, and without it there are none.
    expect(failed).toHaveLength(4);
    expect(lines.join('')).toMatch(/"alarm.internal":\[1,1,1,1\]/);
  });
});
