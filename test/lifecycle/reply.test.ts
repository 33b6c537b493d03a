import { describe, expect, it } from 'vitest';
import { type JobErrorCode, jobError } from '../../shared/lifecycle/errors.ts';
import { type Job, type JobStatus, jobWake, OUTCOMES } from '../../shared/lifecycle/job.ts';
import { dueReply, NOT_TOLD } from '../../shared/lifecycle/reply.ts';
import { june } from './saying.ts';

const JOB: Job = {
  jobId: '0f0f',
  version: 3,
  source: 'desk',
  deliveryId: 'delivery-1',
  type: 'offboard',
  email: 'canary@paper.example',
  reference: 'canary-reference',
  status: 'succeeded',
  outcome: 'revoked',
  attempts: 1,
  receivedAt: june(1),
  effectiveAt: june(1),
  policyHash: null,
  history: [{ at: june(2), status: 'succeeded', detail: 'tried again by canary-operator' }],
  event: { type: 'offboard', person: { email: 'canary@paper.example' }, reason: 'canary-reason' },
  position: 0,
  authority: [],
  requestHash: '',
  personId: 'p-1',
  ticket: 'T-1',
  reply: NOT_TOLD,
};
const job = (more: Partial<Job>): Job => ({ ...JOB, ...more });
const attention = (code: JobErrorCode, more: Partial<Job> = {}) =>
  job({ status: 'needs-attention', outcome: null, error: jobError(code), ...more });

describe('a ticket is told', () => {
  it('when its job has finished, at once', () => {
    expect(dueReply(JOB)).toMatchObject({ ticket: 'T-1', at: june(2), message: { status: 'succeeded' } });
    expect(jobWake(JOB)).toEqual({ at: june(2), isLeaver: false });
  });

  it('when its job needs a person, and why', () => {
    const due = dueReply(attention('unconfirmed'));
    expect(due?.message).toMatchObject({ status: 'needs-attention' });
    expect(due?.message.text).toContain(jobError('unconfirmed').detail);
  });

  it('once of each standing, and again of another', () => {
    const told = (standing: string) => ({ ...NOT_TOLD, told: standing });
    const first = dueReply(attention('unconfirmed'))?.standing ?? '';
    expect(dueReply(attention('unconfirmed', { reply: told(first) }))).toBeNull();
    expect(dueReply(attention('no-email', { reply: told(first) }))).not.toBeNull();
    expect(dueReply(job({ reply: told(first) }))).not.toBeNull();
    expect(jobWake(job({ reply: told(dueReply(JOB)?.standing ?? '') }))).toBeNull();
  });

  it('not before its next try', () => {
    const standing = dueReply(JOB)?.standing ?? '';
    const trying = { standing, failures: 2, nextAt: june(5) };
    const later = job({ reply: { told: null, trying } });
    expect(jobWake(later)).toEqual({ at: june(5), isLeaver: false });
    expect(dueReply(later)).toMatchObject({ failures: 2, message: { isRepeated: true } });
    // What failed of one message says nothing of the next.
    const another = attention('unconfirmed', { reply: { told: null, trying } });
    expect(dueReply(another)).toMatchObject({ at: june(2), failures: 0, message: { isRepeated: false } });
  });

  it.each<JobStatus>(['queued', 'scheduled', 'retrying', 'held'])('nothing of a job that is %s', (status) => {
    expect(dueReply(job({ status, outcome: null }))).toBeNull();
  });

  it('nothing of a job that asked for nothing', () => {
    expect(dueReply(job({ status: 'ignored', outcome: 'unsupported' }))).toBeNull();
  });

  it('nothing where it is gone', () => {
    expect(dueReply(attention('ticket-not-found'))).toBeNull();
  });

  it('nothing where it does not want to hear, or there is none', () => {
    const { reply, ...unheard } = JOB;
    const { ticket, ...nowhere } = JOB;
    expect([dueReply(unheard), dueReply(nowhere)]).toEqual([null, null]);
  });

  it.each([...OUTCOMES.filter((outcome) => outcome !== 'unsupported'), null])(
    'in words of its own of the outcome %s, with the job’s id and nothing that the event or an operator said',
    (outcome) => {
      const status = outcome === null ? 'cancelled' : 'succeeded';
      const text = dueReply(job({ outcome, status }))?.message.text ?? '';
      expect(text).toMatch(/^[A-Z].{20,}\(conscent-lifecycle job 0f0f\)$/);
      expect(text).not.toContain('canary');
      expect(text).not.toContain('It is finished');
    },
  );
});
