/** §4: a job's history and end. */
import { describe, expect, it } from 'vitest';
import { type Job, type JobNews, tell } from '../../shared/lifecycle/job.ts';
import { june } from './saying.ts';

const JOB: Job = {
  jobId: 'job-1',
  version: 1,
  source: 'hibob',
  deliveryId: 'delivery-1',
  type: 'onboard',
  email: 'noor@paper.example',
  reference: null,
  status: 'queued',
  outcome: null,
  attempts: 0,
  receivedAt: june(1),
  effectiveAt: null,
  policyHash: null,
  history: [],
  event: null,
  position: 0,
  authority: [],
  requestHash: 'h',
  personId: null,
};
const news = (more: Partial<JobNews>): JobNews => ({
  status: 'retrying',
  outcome: null,
  attempts: 1,
  effectiveAt: june(1),
  nextAttemptAt: june(2, 1),
  error: 'conscent-unavailable',
  userId: null,
  detail: 'it was down',
  ...more,
});

describe('a job that is told', () => {
  it('shows where it stands, why, and under which policy', () => {
    expect(tell(JOB, news({}), june(2), 'hash-1')).toMatchObject({
      status: 'retrying',
      attempts: 1,
      nextAttemptAt: june(2, 1),
      finishedAt: null,
      policyHash: 'hash-1',
      error: { code: 'conscent-unavailable', retryable: true },
      history: [{ at: june(2), status: 'retrying', detail: 'it was down' }],
    });
  });

  it('the same again remembers it once', () => {
    const once = tell(JOB, news({}), june(2), 'hash-1');
    expect(tell(once, news({}), june(3), 'hash-1').history).toEqual(once.history);
    expect(tell(once, news({ attempts: 2 }), june(3), 'hash-1').history).toHaveLength(2);
  });

  it('its end has one, and no error, and does not change any more', () => {
    const done = tell(
      tell(JOB, news({}), june(2), 'hash-1'),
      news({ status: 'succeeded', outcome: 'created', error: null, nextAttemptAt: null, userId: 'user-1' }),
      june(3),
      'hash-1',
    );
    expect(done).toMatchObject({
      status: 'succeeded',
      outcome: 'created',
      finishedAt: june(3),
      error: null,
      userId: 'user-1',
    });
    expect(tell(done, news({}), june(4), 'hash-2')).toEqual(done);
  });

  it('many things remembers the newest fifty', () => {
    let job = JOB;
    for (let attempts = 1; attempts <= 70; attempts += 1) job = tell(job, news({ attempts }), june(2), 'hash-1');
    expect(job.history).toHaveLength(50);
  });
});
