import { describe, expect, it } from 'vitest';
import { jobError } from '../../shared/lifecycle/errors.ts';
import { PERMISSIONS } from '../../shared/lifecycle/permission.ts';
import { findPerson } from '../../shared/operate/find-person.ts';
import { showAccepted, showJob, showPerson } from '../../shared/operate/show.ts';
import { post } from '../fakes/post.ts';
import { memoryWorld } from '../fakes/world.ts';
import { sampleJob } from '../stores/ledger.ts';

const AT = '2026-05-01T09:00:00.000Z';
const SIGYN = 'sigyn@hamn.example';
const flags = (...on: string[]) => Object.fromEntries(PERMISSIONS.map((name) => [name, on.includes(name)]));

describe('a job is shown', () => {
  it('with every member of the contract, and those that say nothing yet left out', () => {
    const job = sampleJob('j-1');
    expect(showJob(job)).toEqual({
      jobId: 'j-1',
      source: 'api',
      deliveryId: 'delivery of j-1',
      type: 'onboard',
      email: 'solveig@hamn.example',
      reference: null,
      status: 'queued',
      outcome: null,
      attempts: 0,
      receivedAt: job.receivedAt,
      effectiveAt: job.effectiveAt,
      policyHash: null,
      history: job.history,
    });
  });

  it('with when it is tried again, when it ended, whose account it was and why it waits, once there is such', () => {
    const more = { nextAttemptAt: AT, finishedAt: AT, userId: 'u-1', error: jobError('writes-paused') };
    expect(showJob(sampleJob('j-1', more))).toMatchObject(more);
    const none = { nextAttemptAt: null, finishedAt: null, userId: null, error: null };
    for (const member of Object.keys(none)) expect(showJob(sampleJob('j-1', none))).not.toHaveProperty(member);
  });

  it('without what is internal', () => {
    const shown = JSON.stringify(showJob(sampleJob('j-1', { requestHash: 'canary', personId: 'canary' })));
    expect(shown).not.toMatch(/canary|Kaj 4|authority|version|position/);
  });
});

describe('an accepted job is shown', () => {
  it('with where to look and what was understood', () => {
    const understood = {
      jobId: 'j-1',
      type: 'onboard',
      email: 'solveig@hamn.example',
      status: 'queued',
      duplicate: true,
    };
    expect(showAccepted(sampleJob('j-1'), true)).toEqual(understood);
  });

  it('without what was not said', () => {
    const unknown = sampleJob('j-1', { type: null, email: null, status: 'needs-attention' });
    expect(showAccepted(unknown, false)).toEqual({ jobId: 'j-1', status: 'needs-attention', duplicate: false });
  });
});

async function shown(...events: object[]) {
  const world = memoryWorld({ now: AT });
  for (const event of events) {
    await post(world, event);
    await world.runFor(30);
  }
  return showPerson(world, await findPerson(world, SIGYN));
}

const JOINS = { type: 'onboard', person: { email: SIGYN, department: 'Newsroom', attributes: { desk: '7' } } };

describe('a person is shown', () => {
  it('with employment, attributes, account and desired access, all 24 flags spelled out', async () => {
    const person = await shown(JOINS);
    expect(person).toMatchObject({
      email: SIGYN,
      addresses: [SIGYN],
      attributes: { department: 'Newsroom', 'attributes.desk': '7' },
      account: {
        state: 'linked',
        userId: 'user-1',
        email: SIGYN,
        role: 'ADMIN',
        unansweredCall: null,
        revokedAt: null,
      },
      desiredAccess: { access: 'granted', role: 'ADMIN' },
      losesAccess: false,
      openJobs: [],
      policyHash: 'policy-of-the-tests',
    });
    expect(person.account?.permissions).toEqual(flags('paywallBuilder', 'journey'));
    expect(person.desiredAccess.permissions).toEqual(flags('paywallBuilder', 'journey'));
    expect(person.history).toMatchObject([{ what: 'created' }]);
  });

  it('without an account where no rule gave one', async () => {
    const person = await shown({ type: 'onboard', person: { email: SIGYN } });
    expect(person).toMatchObject({ account: null, desiredAccess: { access: 'none', role: null } });
    expect(person.desiredAccess.permissions).toEqual(flags());
  });

  it('as unknown where employment was never stated', async () => {
    expect(await shown({ type: 'change', person: { email: SIGYN } })).toMatchObject({
      desiredAccess: { access: 'unknown' },
      nextWake: null,
    });
  });

  it('with the grants that count now and those that will, and when to look again', async () => {
    const grant = (reference: string, more: object) => ({
      ...JOINS,
      reference,
      access: { profile: 'treasury', until: '2026-08-31' },
      ...more,
    });
    const person = await shown(grant('R-1', {}), grant('R-2', { effectiveAt: '2026-07-01' }));
    const until = '2026-09-01T00:00:00.000Z';
    expect(person.grants).toHaveLength(2);
    expect(person.grants).toEqual(
      expect.arrayContaining(['R-1', 'R-2'].map((key) => ({ source: 'api', key, profile: 'treasury', until }))),
    );
    expect(person.nextWake).toBe('2026-07-01T00:00:00.000Z');
    expect(person.openJobs).toMatchObject([{ status: 'scheduled' }]);
  });

  it('as ended, holding nothing, once they have left', async () => {
    const person = await shown(JOINS, { type: 'offboard', person: { email: SIGYN }, effectiveAt: AT });
    expect(person).toMatchObject({
      desiredAccess: { access: 'none' },
      losesAccess: false,
      account: { state: 'linked', role: null },
    });
    expect(person.account?.permissions).toEqual(flags());
    expect(person.account?.revokedAt).toMatch(/^2026-05-01T/);
  });

  it('without what is internal', async () => {
    const person = await shown(JOINS);
    for (const member of ['facts', 'base', 'claim', 'claims', 'version', 'attempt'])
      expect(person).not.toHaveProperty(member);
  });
});
