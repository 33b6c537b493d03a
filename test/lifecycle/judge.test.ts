/** §4: what a job is told, in the order of its outcomes. */
import { describe, expect, it } from 'vitest';
import { linkedAccount } from '../../shared/lifecycle/account.ts';
import { isFinished, type JobNews, type JobStatus } from '../../shared/lifecycle/job.ts';
import { judgeJobs } from '../../shared/lifecycle/judge.ts';
import type { Access } from '../../shared/lifecycle/permission.ts';
import { addFact, newPerson, type OpenJob, type Person } from '../../shared/lifecycle/person.ts';
import type { Said } from './oracle.ts';
import { factSaid, june, RULES, type Saying, say } from './saying.ts';

const email = 'noor@paper.example';
const EDITORS: Access = { role: 'EDITOR', permissions: ['ignite', 'journey', 'notifications'] };
const linked = (access: Access | 'none') => ({ ...linkedAccount('user-9', email), state: 'linked' as const, access });
const department = (name: string | null): NonNullable<Saying['person']> => ({ email, department: name });

function judged(
  saids: readonly Said[],
  now: string,
  more: Partial<Person> = {},
  open: Record<string, Partial<OpenJob>> = {},
): Record<string, JobNews> {
  const person = saids.reduce((before, said) => addFact(before, factSaid(said)) ?? before, newPerson('person-1'));
  const jobs = person.open.map((job) => ({ ...job, ...open[job.jobId] }));
  return Object.fromEntries(
    judgeJobs({ person: { ...person, open: jobs, ...more }, policy: RULES, defaultZone: 'UTC', now }),
  );
}

const hired = say('onboard', june(1), { id: 'hired', person: department('Desk') });

describe('the job whose fact made the call', () => {
  it.each(['created', 'updated', 'revoked'] as const)('gets the call’s outcome, %s', (outcome) => {
    expect(
      judged([hired], june(2), { account: linked(EDITORS) }, { hired: { outcome, attempts: 2 } })['hired'],
    ).toMatchObject({
      status: 'succeeded',
      outcome,
      attempts: 2,
      userId: 'user-9',
      error: null,
    });
  });
});

describe('any other job is', () => {
  it('stale where a newer fact of its kind was known and access is the same without it', () => {
    const saids = [
      hired,
      say('change', june(4), { id: 'newer', person: department('Till') }),
      say('change', june(3), { id: 'late', person: department('Archive') }),
    ];
    expect(judged(saids, june(5))['late']).toMatchObject({ status: 'ignored', outcome: 'stale' });
  });

  it('stale where it is older than everything that is kept', () => {
    const open = [{ jobId: 'forgotten', status: 'queued' as const, attempts: 0 }];
    expect(judged([hired], june(2), { open })['forgotten']).toMatchObject({ status: 'ignored', outcome: 'stale' });
  });

  it('not stale where access is another with it', () => {
    const saids = [
      say('change', june(4), { id: 'newer', effectiveAt: june(9), person: department('Till') }),
      say('change', june(3), { id: 'late', person: department('Desk') }),
      say('onboard', june(1), { id: 'hired', person: { email } }),
    ];
    expect(judged(saids, june(5), { account: linked(EDITORS) })['late']).toMatchObject({
      status: 'succeeded',
      outcome: 'unchanged',
    });
  });

  it('superseded where a newer word at once made its later day void', () => {
    const saids = [
      hired,
      say('change', june(2), { id: 'planned', effectiveAt: june(9), person: department('Till') }),
      say('change', june(3), { id: 'newer', person: department('Archive') }),
    ];
    expect(judged(saids, june(4), {}, { planned: { status: 'scheduled' } })['planned']).toMatchObject({
      status: 'ignored',
      outcome: 'superseded',
    });
  });

  it('superseded where its hire was cancelled', () => {
    const saids = [
      say('onboard', june(1), { id: 'hire', effectiveAt: june(9), person: department('Desk') }),
      say('offboard', june(2), { id: 'cancel' }),
    ];
    const news = judged(saids, june(3), {}, { hire: { status: 'scheduled' } });
    expect(news['hire']).toMatchObject({ status: 'ignored', outcome: 'superseded' });
    expect(news['cancel']).toMatchObject({ status: 'succeeded', outcome: 'unchanged' });
  });

  it('superseded where the end it stated was taken away', () => {
    const saids = [
      hired,
      say('offboard', june(2), { id: 'leave', effectiveAt: june(9) }),
      say('onboard', june(3), { id: 'stay', person: department('Desk') }),
    ];
    const news = judged(saids, june(4), { account: linked(EDITORS) }, { leave: { status: 'scheduled' } });
    expect(news['leave']).toMatchObject({ status: 'ignored', outcome: 'superseded' });
  });

  it('no-access where no account ever existed and the policy gives none', () => {
    const saids = [
      say('onboard', june(1), { id: 'hired', person: department('Archive') }),
      say('change', june(2), { id: 'moved', person: department(null) }),
    ];
    const news = judged(saids, june(3));
    expect(news['moved']).toMatchObject({ status: 'ignored', outcome: 'no-access' });
  });

  it('unchanged for a leaver who never had an account', () => {
    expect(judged([say('offboard', june(1), { id: 'leave' })], june(2))['leave']).toMatchObject({
      status: 'succeeded',
      outcome: 'unchanged',
    });
  });

  it('unchanged where Conscent already holds exactly this', () => {
    expect(judged([hired], june(2), { account: linked(EDITORS) })['hired']).toMatchObject({
      status: 'succeeded',
      outcome: 'unchanged',
      error: null,
    });
  });
});

describe('a job waits', () => {
  it('scheduled, for its date', () => {
    const saids = [say('onboard', june(1), { id: 'hire', effectiveAt: '2026-06-09', person: department('Desk') })];
    expect(judged(saids, june(8))['hire']).toMatchObject({ status: 'scheduled', outcome: null, effectiveAt: june(9) });
  });

  it('retrying, while a call fails in passing', () => {
    const attempt = { step: 'create', failures: 2, error: 'conscent-unavailable' as const, nextAt: june(2, 1) };
    expect(judged([hired], june(2), { attempt })['hired']).toMatchObject({
      status: 'retrying',
      error: 'conscent-unavailable',
      nextAttemptAt: june(2, 1),
    });
  });

  it('needing attention, where only a person can help', () => {
    const attempt = { step: 'create', failures: 1, error: 'conscent-rejected' as const, nextAt: null };
    expect(judged([hired], june(2), { attempt })['hired']).toMatchObject({
      status: 'needs-attention',
      error: 'conscent-rejected',
      nextAttemptAt: null,
    });
  });

  it('needing attention, where its end was stated elsewhere', () => {
    const saids = [
      hired,
      say('offboard', june(2), { id: 'leave' }),
      say('onboard', june(3), { id: 'ticket', by: 'zendesk' }),
    ];
    expect(judged(saids, june(4), { account: linked('none') })['ticket']).toMatchObject({
      status: 'needs-attention',
      error: 'ended-elsewhere',
    });
  });

  it('needing attention, where it grants access while employment is unknown', () => {
    const saids = [say('change', june(1), { id: 'ticket', by: 'zendesk', access: { profile: 'tellers' } })];
    expect(judged(saids, june(2))['ticket']).toMatchObject({ status: 'needs-attention', error: 'employment-unknown' });
  });
});

describe('a status', () => {
  it('is an end, or not', () => {
    const all: JobStatus[] = [
      'queued',
      'scheduled',
      'retrying',
      'held',
      'needs-attention',
      'succeeded',
      'ignored',
      'cancelled',
    ];
    expect(all.filter(isFinished)).toEqual(['succeeded', 'ignored', 'cancelled']);
  });
});
