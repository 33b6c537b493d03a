import { beforeAll, describe, expect, it } from 'vitest';
import { sampleJob } from '../stores/ledger.ts';
import { as, problemOf, SOUND, useHandler } from './stack.ts';

const { send } = useHandler(() => import('../../functions/jobs.ts'));

const EMAIL = 'solveig@hamn.example';
const idOf = (hour: number) => `${hour}`.repeat(16);

beforeAll(async () => {
  const { wire } = await import('../../shared/wiring.ts');
  for (const hour of [10, 11, 12])
    await wire().world.jobs.record(sampleJob(idOf(hour), { receivedAt: `2026-01-10T${hour}:00:00.000Z` }));
});

const list = (query: Record<string, string>, headers: object = as('auditor')) =>
  send({ route: 'GET /jobs', query, headers: { ...headers } });

describe('GET /jobs', () => {
  it('answers jobs by address, newest first', async () => {
    const answer = await list({ email: EMAIL });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ jobs: [{ jobId: idOf(12) }, { jobId: idOf(11) }, { jobId: idOf(10) }] });
    expect(answer.body).not.toHaveProperty('cursor');
  });

  it('answers jobs by status, page by page', async () => {
    const first = await list({ status: 'queued', limit: '2' });
    expect(first.body).toMatchObject({ jobs: [{ jobId: idOf(12) }, { jobId: idOf(11) }], cursor: expect.any(String) });
    const { cursor } = first.body as { cursor: string };
    const second = await list({ status: 'queued', limit: '2', cursor });
    expect(second.body).toEqual({ jobs: [expect.objectContaining({ jobId: idOf(10) })] });
  });

  it('answers an empty list for an address that nobody has', async () => {
    expect(await list({ email: 'nobody@hamn.example' })).toMatchObject({ status: 200, body: { jobs: [] } });
  });

  it('refuses a cursor of another query as what it is, and says what to do', async () => {
    const { cursor } = (await list({ status: 'queued', limit: '2' })).body as { cursor: string };
    const answer = await list({ email: EMAIL, cursor });
    expect(answer).toMatchObject({
      status: 400,
      body: { type: 'urn:conscent-lifecycle:problem:invalid-cursor', detail: expect.stringMatching(/without/) },
    });
    expect(problemOf(answer)).toEqual(SOUND);
  });

  const refused: [rule: string, status: number, query: Record<string, string>, headers?: object][] = [
    ['neither address nor status', 400, {}],
    ['both', 400, { email: EMAIL, status: 'queued' }],
    ['a status that is none', 400, { status: 'done' }],
    ['a limit that is too high', 400, { status: 'queued', limit: '101' }],
    ['a cursor that is none', 400, { status: 'queued', cursor: 'x' }],
    ['a parameter that is not known', 400, { status: 'queued', page: '2' }],
    ['no token', 401, { status: 'queued' }, {}],
    ['an expired token', 401, { status: 'queued' }, as('expired')],
    ['a token without the scope', 403, { status: 'queued' }, as('writer')],
  ];
  for (const [rule, status, query, headers] of refused)
    it(`answers ${status} to ${rule}`, async () => {
      const answer = await list(query, headers);
      expect(answer.status).toBe(status);
      expect(problemOf(answer)).toEqual(SOUND);
    });
});
