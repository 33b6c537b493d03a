import { describe, expect, it } from 'vitest';
import { as, NOW, problemOf, SOUND, useHandler } from './stack.ts';

const { send } = useHandler(() => import('../../functions/guard.ts'));

const ROUTES = ['POST /guard/release', 'POST /guard/pause', 'POST /guard/resume'];
const ask = (route: string, headers: Record<string, string> = as('desk'), more: object = {}) =>
  send({ route, headers, ...more });

describe('the guard', () => {
  it('says how many it let go, and how many have gone', async () => {
    expect(await ask('POST /guard/release')).toMatchObject({ status: 200, body: { released: 0, revoked: 0 } });
  });

  it('stops writes and lets them go on, each as often as one likes', async () => {
    const stopped = { status: 200, body: { paused: true, since: NOW, waiting: 0 } };
    expect(await ask('POST /guard/pause')).toMatchObject(stopped);
    expect(await ask('POST /guard/pause')).toMatchObject(stopped);
    for (let times = 0; times < 2; times += 1)
      expect(await ask('POST /guard/resume')).toMatchObject({ status: 200, body: { paused: false, resumed: 0 } });
  });

  for (const route of ROUTES) {
    it(`wants a token with people:write: ${route}`, async () => {
      for (const [headers, status] of [
        [{}, 401],
        [as('expired'), 401],
        [as('auditor'), 403],
      ] as const) {
        const answer = await ask(route, headers);
        expect(answer.status).toBe(status);
        expect(problemOf(answer)).toEqual(SOUND);
      }
    });

    it(`takes no body and no parameter: ${route}`, async () => {
      expect(await ask(route, as('desk'), { body: '{}' })).toMatchObject({ status: 400 });
      expect(await ask(route, as('desk'), { query: { all: 'true' } })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '?all', detail: 'is not a known parameter' }] },
      });
    });
  }
});
