/** What an operator may do about one job or one person, over HTTP: who may, with what, and what is answered. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../shared/lifecycle/job.ts';
import { newPerson } from '../../shared/lifecycle/person.ts';
import type { RequestLine } from '../middleware/request.ts';
import { sampleJob } from '../stores/ledger.ts';
import { as, problemOf, SOUND, useHandler } from './stack.ts';

const { send, queued } = useHandler(async () => {
  const [jobs, people] = await Promise.all([import('../../functions/jobs.ts'), import('../../functions/people.ts')]);
  const of = (route: string) => (route.includes('/jobs/') ? jobs : people);
  return { handler: (event, context) => of(event.routeKey).handler(event, context) };
});

const STUCK = 'a'.repeat(32);
const DONE = 'b'.repeat(32);
const EMAIL = 'tyra@hamn.example';

beforeAll(async () => {
  const { world } = (await import('../../shared/wiring.ts')).wire();
  const stuck: Partial<Job> = { status: 'needs-attention', event: { type: 'offboard', person: { email: EMAIL } } };
  await world.jobs.record(sampleJob(STUCK, stuck));
  await world.jobs.record(sampleJob(DONE, { status: 'succeeded', outcome: 'created' }));
  await world.people.save(newPerson('p-tyra'), null);
  await world.people.point({ kind: 'email', email: EMAIL }, 'p-tyra', null);
});

type Ask = (headers?: Record<string, string>, more?: Partial<RequestLine>) => ReturnType<typeof send>;

const onJob =
  (action: 'retry' | 'cancel', jobId: string): Ask =>
  (headers = as('operator'), more = {}) =>
    send({ route: `POST /jobs/{jobId}/${action}`, params: { jobId }, headers, ...more });
const onPerson =
  (action: 'release' | 'reapply' | 'password', email = EMAIL): Ask =>
  (headers = as('operator'), more = {}) =>
    send({ route: `POST /people/{email}/${action}`, params: { email }, headers, ...more });

describe('one job', () => {
  it('that needs attention is tried again: 202 and the job, with who asked', async () => {
    const answer = await onJob('retry', STUCK)();
    expect(answer).toMatchObject({ status: 202, body: { jobId: STUCK, status: 'queued' } });
    expect(answer.text).toContain('tried again by operator');
    expect(await queued()).toContainEqual({ jobId: STUCK });
  });

  it('that has finished is neither tried again nor cancelled: 422, and why', async () => {
    for (const action of ['retry', 'cancel'] as const) {
      const answer = await onJob(action, DONE)();
      expect(answer).toMatchObject({ status: 422, body: { type: 'urn:conscent-lifecycle:problem:invalid-state' } });
      expect(answer.text).toContain('this one is succeeded');
    }
  });
});

describe('one person', () => {
  it('whom nobody holds is released without harm', async () => {
    expect(await onPerson('release')()).toMatchObject({ status: 200, body: { released: 0 } });
  });

  it('without a linked account gets no password and nothing re-applied: 422, and what to do', async () => {
    for (const action of ['password', 'reapply'] as const) {
      const answer = await onPerson(action)();
      expect(answer).toMatchObject({ status: 422, body: { type: 'urn:conscent-lifecycle:problem:invalid-state' } });
      expect(problemOf(answer)).toEqual(SOUND);
    }
  });
});

const EVERY: [name: string, ask: Ask, forbidden: string][] = [
  ['retry', onJob('retry', DONE), 'auditor'],
  ['cancel', onJob('cancel', DONE), 'auditor'],
  ['release', onPerson('release'), 'auditor'],
  ['reapply', onPerson('reapply'), 'auditor'],
  ['password', onPerson('password'), 'desk'],
];
const NOBODY: Record<string, Ask> = {
  retry: onJob('retry', 'f'.repeat(32)),
  cancel: onJob('cancel', '../people'),
  release: onPerson('release', 'nobody@hamn.example'),
  reapply: onPerson('reapply', 'no-address'),
  password: onPerson('password', 'nobody@hamn.example'),
};

describe.each(EVERY)('%s', (name, ask, forbidden) => {
  it('wants a token of its scope', async () => {
    expect((await ask({})).status).toBe(401);
    expect((await ask(as('expired'))).status).toBe(401);
    expect((await ask(as(forbidden))).status).toBe(403);
  });

  it('takes no body and no parameter', async () => {
    expect((await ask(undefined, { body: '{}' })).status).toBe(400);
    expect((await ask(undefined, { query: { force: 'true' } })).status).toBe(400);
  });

  it('of what is not there is a 404', async () => {
    const answer = await NOBODY[name]?.();
    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:conscent-lifecycle:problem:not-found' } });
  });
});
