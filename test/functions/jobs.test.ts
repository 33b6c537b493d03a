import { describe, expect, it } from 'vitest';
import { sampleJob } from '../stores/ledger.ts';
import { as, problemOf, SOUND, useHandler } from './stack.ts';

const { send } = useHandler(() => import('../../functions/jobs.ts'));

const ROUTE = 'GET /jobs/{jobId}';

describe('GET /jobs/{jobId}', () => {
  it('answers the job', async () => {
    const { wire } = await import('../../shared/wiring.ts');
    await wire().world.jobs.record(sampleJob('0a1b2c3d4e5f60718293a4b5c6d7e8f9'));
    const answer = await send({
      route: ROUTE,
      params: { jobId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9' },
      headers: as('auditor'),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    expect(answer.body).toMatchObject({
      jobId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
      status: 'queued',
      history: [{ status: 'queued' }],
    });
  });

  const ids = [
    'nothing-of-the-kind',
    '-',
    ' ',
    '..',
    'ünïcode',
    '0a1b2c3d4e5f60718293a4b5c6d7e8f9\u0000',
    'x'.repeat(2_049),
    'ü'.repeat(1_025),
    'x'.repeat(8_000),
  ];
  for (const jobId of ids) {
    it(`answers 404 for ${JSON.stringify(jobId.slice(0, 20))} of ${jobId.length} characters`, async () => {
      const answer = await send({ route: ROUTE, params: { jobId }, headers: as('auditor') });
      expect(answer).toMatchObject({ status: 404, body: { type: 'urn:conscent-lifecycle:problem:not-found' } });
      expect(problemOf(answer)).toEqual(SOUND);
    });
  }

  it('answers 404 without an id', async () => {
    expect((await send({ route: ROUTE, params: { jobId: '' }, headers: as('auditor') })).status).toBe(404);
    expect((await send({ route: ROUTE, headers: as('auditor') })).status).toBe(404);
  });

  const refused: [rule: string, status: number, headers: object, query?: Record<string, string>][] = [
    ['no token', 401, {}],
    ['a wrong token', 401, as('nobody')],
    ['an expired token', 401, as('expired')],
    ['a token without the scope', 403, as('writer')],
    ['a query parameter that is not known', 400, as('auditor'), { verbose: '1' }],
  ];
  for (const [rule, status, headers, query] of refused) {
    it(`answers ${status} to ${rule}, whether or not there is such a job`, async () => {
      const answer = await send({
        route: ROUTE,
        params: { jobId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9' },
        headers: { ...headers },
        ...(query && { query }),
      });
      expect(answer.status).toBe(status);
      expect(problemOf(answer)).toEqual(SOUND);
    });
  }
});
