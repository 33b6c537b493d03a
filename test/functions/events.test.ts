import { describe, expect, it } from 'vitest';
import { fakeConscent } from '../fakes/conscent.ts';
import type { RequestLine } from '../middleware/request.ts';
import { as, NOW, problemOf, SOUND, useHandler } from './stack.ts';

const { send, queued } = useHandler(() => import('../../functions/events.ts'));

const event = (email: string, more: object = {}) => ({
  type: 'onboard',
  person: { email, department: 'Finance' },
  ...more,
});

function post(value: unknown, headers: RequestLine['headers'] = {}) {
  const typed = { 'content-type': 'application/json; charset=utf-8', ...as('writer'), ...headers };
  return send({ route: 'POST /events', body: JSON.stringify(value), headers: typed });
}

/** Lets the worker do its part of a job, against a Conscent in memory. */
async function work(jobId: string) {
  const [{ wire }, { reconcile }] = await Promise.all([
    import('../../shared/wiring.ts'),
    import('../../shared/reconcile/reconcile.ts'),
  ]);
  await reconcile({ ...wire().world, conscent: fakeConscent() }, { jobId });
}

function jobsOf({ body }: { body: unknown }): Record<string, unknown>[] {
  const { jobs } = body as { jobs: Record<string, unknown>[] };
  return jobs;
}
const idOf = (answer: { body: unknown }) => String(jobsOf(answer)[0]?.['jobId']);

describe('one event', () => {
  it('is answered 202 with its job and where to look', async () => {
    const answer = await post(event('one@hamn.example'));
    expect(answer.status).toBe(202);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', location: `/jobs/${idOf(answer)}` });
    expect(answer.body).toEqual({
      jobs: [{ jobId: idOf(answer), type: 'onboard', email: 'one@hamn.example', status: 'queued', duplicate: false }],
    });
  });

  it('is in the ledger and on the queue before it is answered', async () => {
    const jobId = idOf(await post(event('two@hamn.example')));
    const { wire } = await import('../../shared/wiring.ts');
    expect(await wire().world.jobs.get(jobId)).toMatchObject({ status: 'queued', receivedAt: NOW });
    expect(await queued()).toContainEqual({ jobId });
  });

  it('sent without a key is new each time', async () => {
    const [first, second] = [await post(event('three@hamn.example')), await post(event('three@hamn.example'))];
    expect(idOf(first)).not.toBe(idOf(second));
  });

  it('may ask for access of its own with the scope', async () => {
    const direct = event('four@hamn.example', { access: { role: 'VIEWER', permissions: { ga4: true } } });
    expect((await post(direct, as('master'))).status).toBe(202);
  });

  it('may be written with a byte order mark, in capitals and with spaces', async () => {
    const body = `\uFEFF ${JSON.stringify(event(' Five@HAMN.example '))} `;
    const answer = await send({
      route: 'POST /events',
      body,
      headers: { 'Content-Type': 'application/json', ...as('writer') },
    });
    expect(jobsOf(answer)).toMatchObject([{ email: 'five@hamn.example' }]);
  });
});

describe('several events', () => {
  it('are answered 202 with a job each, in their order, and no one place to look', async () => {
    const emails = Array.from({ length: 100 }, (_, index) => `crew-${index}@hamn.example`);
    const answer = await post(emails.map((email) => event(email)));
    expect(answer.status).toBe(202);
    expect(answer.headers).not.toHaveProperty('location');
    expect(jobsOf(answer).map(({ email }) => email)).toEqual(emails);
    expect(new Set(jobsOf(answer).map(({ jobId }) => jobId)).size).toBe(100);
  });
});

describe('an Idempotency-Key', () => {
  it('makes a repetition the same job, which says so', async () => {
    const key = { 'idempotency-key': 'repeat-1' };
    const first = await post(event('key@hamn.example'), key);
    const again = await post(event('key@hamn.example'), key);
    expect(again.status).toBe(202);
    expect(again.headers).toMatchObject({ location: `/jobs/${idOf(first)}` });
    expect(jobsOf(again)).toMatchObject([{ jobId: idOf(first), duplicate: true }]);
  });

  it('with another body is a 422', async () => {
    const key = { 'idempotency-key': 'repeat-2' };
    await post(event('key@hamn.example'), key);
    const answer = await post(event('other@hamn.example'), key);
    expect(answer).toMatchObject({
      status: 422,
      body: { type: 'urn:conscent-lifecycle:problem:idempotency-key-reused' },
    });
    expect(problemOf(answer)).toEqual(SOUND);
  });

  it('is each token’s own', async () => {
    const key = { 'idempotency-key': 'repeat-3' };
    const first = await post(event('key@hamn.example'), key);
    const other = await post(event('key@hamn.example'), { ...key, ...as('master') });
    expect(jobsOf(other)).toMatchObject([{ duplicate: false }]);
    expect(idOf(other)).not.toBe(idOf(first));
  });
});

describe('Prefer: wait', () => {
  it('answers 200 with the whole job once it has settled', async () => {
    const headers = { 'idempotency-key': 'wait-1', prefer: 'wait=20' };
    const jobId = idOf(await post(event('wait@hamn.example'), { 'idempotency-key': 'wait-1' }));
    await work(jobId);
    const answer = await post(event('wait@hamn.example'), headers);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'preference-applied': 'wait=20', location: `/jobs/${jobId}` });
    expect(jobsOf(answer)).toMatchObject([
      { jobId, status: 'succeeded', outcome: 'created', attempts: 1, duplicate: true, finishedAt: NOW },
    ]);
  });

  it('answers 202 with the jobs as they are when the wait is over', async () => {
    const answer = await post(event('nobody-works@hamn.example'), { prefer: 'wait=0' });
    expect(answer.status).toBe(202);
    expect(jobsOf(answer)).toMatchObject([{ status: 'queued', history: [{ status: 'queued' }], duplicate: false }]);
  });

  it('answers 200 for a job that waits for its day', async () => {
    const later = event('later@hamn.example', { effectiveAt: '2027-01-01' });
    const jobId = idOf(await post(later, { 'idempotency-key': 'wait-2' }));
    await work(jobId);
    const answer = await post(later, { 'idempotency-key': 'wait-2', prefer: 'wait=20' });
    expect(answer).toMatchObject({
      status: 200,
      body: { jobs: [{ status: 'scheduled', effectiveAt: '2027-01-01T00:00:00.000Z' }] },
    });
  });

  it('that is nonsense is ignored', async () => {
    const answer = await post(event('nonsense@hamn.example'), { prefer: 'wait=soon' });
    expect(answer.status).toBe(202);
    expect(answer.headers).not.toHaveProperty('preference-applied');
  });
});

describe('?dryRun=true', () => {
  const dryRun = (value: unknown, headers: RequestLine['headers'] = {}, asked = 'true') =>
    send({
      route: 'POST /events',
      body: JSON.stringify(value),
      query: { dryRun: asked },
      headers: { 'content-type': 'application/json', ...as('writer'), ...headers },
    });

  it('answers 200 with a plan for each event, and stores nothing', async () => {
    await queued();
    const answer = await dryRun([
      event('dry@hamn.example'),
      { type: 'offboard', person: { email: 'dry@hamn.example' } },
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      plans: [
        {
          email: 'dry@hamn.example',
          step: 'create',
          effectiveAt: NOW,
          access: { role: 'ADMIN', permissions: { payments: true, ga4: false } },
          reason: expect.stringContaining('rule 2 (department) gives finance'),
        },
        { step: 'revoke', access: { role: null, permissions: { payments: false } } },
      ],
    });
    expect(await queued()).toEqual([]);
    const { wire } = await import('../../shared/wiring.ts');
    expect(await wire().world.people.find([{ kind: 'email', email: 'dry@hamn.example' }])).toEqual([null]);
  });

  it('=false does what no parameter does', async () => {
    expect((await dryRun(event('wet@hamn.example'), {}, 'false')).status).toBe(202);
  });

  it('refuses what the event itself would be refused for, and any other value', async () => {
    expect((await dryRun({ type: 'onboard' })).status).toBe(400);
    expect((await dryRun(event('dry@hamn.example', { access: { profile: 'kings' } }))).status).toBe(422);
    expect(await dryRun(event('dry@hamn.example'), {}, 'yes')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '?dryRun', detail: 'must be true or false' }] },
    });
  });
});
