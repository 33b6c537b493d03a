/** Okta from its event hook to the dashboard. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import { accept } from '../../../shared/intake/accept.ts';
import { okta } from '../../../shared/sources/ticketing/okta.ts';
import { about, post, postFrom } from '../../fakes/post.ts';
import { oktaFake } from '../../fakes/vendors/okta.ts';
import { newCanaries } from '../../fixtures/sample.ts';
import {
  OKTA_AUTHORIZATION,
  OKTA_ID,
  OKTA_SETTINGS,
  oktaBody,
  oktaEvent,
  oktaSample,
} from '../../fixtures/ticketing/okta.ts';
import { DAY, useVendor, wire } from '../stage.ts';
import { NEWSROOM, TREASURY, tryAgain } from './desk.ts';

const SANNA = 'sanna@press.example';
const ALL = ['employment', 'attributes'];
const vendor = useVendor({ make: okta, fake: () => oktaFake(), settings: OKTA_SETTINGS });

function road(settings: object = {}) {
  const made = vendor.road(settings);
  let sent = 0;
  const send = (events: readonly unknown[], seconds?: number) => {
    sent += 1;
    const body = wire(oktaBody(events, `delivery-${sent}`));
    return made.deliver({ headers: { authorization: OKTA_AUTHORIZATION }, body }, seconds);
  };
  /** What the user is at Okta from now on. */
  const become = (user: object) => {
    vendor.fake.records.set(OKTA_ID, { ...vendor.fake.records.get(OKTA_ID), ...user });
  };
  /** A hint, whatever is true of the user. */
  const hint = async (type: string) => (await send([oktaEvent(type)]))[0];
  /** What happens at Okta, and the event that tells of it. */
  const happens = async (type: string, user: object = {}) => {
    become(user);
    return hint(type);
  };
  const hr = (event: object) => postFrom(made.world, event, 'personio');
  return { ...made, send, become, hint, happens, hr };
}

/** Somebody whom HR has hired, with an account. */
async function employed(settings: object = {}) {
  const made = road(settings);
  await made.hr(about(SANNA, 'onboard', { person: { externalId: '31', department: 'Newsroom' } }));
  expect(made.access()).toEqual([NEWSROOM]);
  return made;
}

describe('a joiner', () => {
  it('gets what the policy gives to the words of the profile, where Okta may state them', async () => {
    const { happens, users } = road({ authority: ALL });
    const joined = await happens('user.lifecycle.create', { profile: { department: 'Newsroom' } });
    expect(joined).toMatchObject({ type: 'onboard', email: SANNA, outcome: 'created' });
    expect(users()).toEqual([{ email: SANNA, permissions: NEWSROOM }]);
  });

  it('gets nothing by the words of the profile where Okta may not, and the history says so', async () => {
    const { happens, users } = road();
    const joined = await happens('user.lifecycle.create', { profile: { department: 'Newsroom' } });
    expect(joined).toMatchObject({ status: 'ignored', outcome: 'no-access' });
    expect(joined?.history.map(({ detail }) => detail).join()).toContain('no authority over them: department');
    expect(users()).toEqual([]);
  });

  it('is one person with whom HR speaks of by the same address, whoever comes first', async () => {
    const { happens, hr, access, world } = road();
    await happens('user.lifecycle.activate');
    await hr(about(SANNA, 'onboard', { person: { externalId: '31', department: 'Newsroom' } }));
    expect(access()).toEqual([NEWSROOM]);
    expect(world.allPeople()).toHaveLength(1);
  });

  it('who was only created gets nothing before the activation, which has an event of its own', async () => {
    const { happens, access } = road({ authority: ALL });
    const staged = { status: 'STAGED', profile: { department: 'Newsroom' } };
    const created = await happens('user.lifecycle.create', staged);
    expect(created).toMatchObject({ status: 'ignored', outcome: 'unsupported', reference: OKTA_ID });
    expect(created?.history.at(-1)?.detail).toBe('looked up: the user is not active yet');
    expect(access()).toEqual([]);
    expect(await happens('user.lifecycle.activate', { status: 'PROVISIONED' })).toMatchObject({ outcome: 'created' });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('whose activation is under way is asked for again until it is through', async () => {
    const { happens, become, access, world, job } = road({ authority: ALL });
    const underWay = { status: 'STAGED', transitioningToStatus: 'ACTIVE', profile: { department: 'Newsroom' } };
    const joined = await happens('user.lifecycle.activate', underWay);
    expect(joined).toMatchObject({ status: 'retrying', error: { code: 'record-incomplete' } });
    become({ status: 'ACTIVE', transitioningToStatus: null });
    await world.runFor(60);
    expect(job(joined?.jobId)).toMatchObject({ outcome: 'created' });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('without an address is for a person, who may look the user up again', async () => {
    const made = road({ authority: ALL });
    const { happens, become, access } = made;
    const joined = await happens('user.lifecycle.create', { profile: { email: null, department: 'Newsroom' } });
    expect(joined).toMatchObject({ status: 'needs-attention', error: { code: 'no-email' } });
    become({ profile: { department: 'Newsroom' } });
    expect(await tryAgain(made, joined, 1)).toMatchObject({ type: 'onboard', outcome: 'created' });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('whom HR hired for a later day, and who is active at Okta before it, gets nothing until what HR says holds', async () => {
    const { happens, hr, access, world } = road();
    const hired = { person: { externalId: '31', department: 'Newsroom' }, effectiveAt: '2026-03-20' };
    await hr(about(SANNA, 'onboard', hired));
    await happens('user.lifecycle.activate', { status: 'ACTIVE' });
    await world.runFor(17 * DAY);
    expect(access()).toEqual([]);
    await world.runFor(DAY);
    expect(access()).toEqual([NEWSROOM]);
  });

  it('of whom a delivery comes again is the same job', async () => {
    const { deliver, world, become } = road({ authority: ALL });
    become({ profile: { department: 'Newsroom' } });
    const body = wire(oktaBody([oktaEvent('user.lifecycle.create')], 'once'));
    const sent = { headers: { authorization: OKTA_AUTHORIZATION }, body };
    const [first] = await deliver(sent);
    expect(await deliver(sent)).toEqual([first]);
    expect(world.allJobs()).toHaveLength(1);
    expect(world.fake.calls).toHaveLength(1);
  });
});

describe('a mover', () => {
  it('gets the other department’s permissions, where Okta may state attributes', async () => {
    const { happens, access } = road({ authority: ALL });
    await happens('user.lifecycle.create', { profile: { department: 'Newsroom' } });
    const moved = await happens('user.account.update_profile', { profile: { department: 'Treasury' } });
    expect(moved).toMatchObject({ type: 'change', outcome: 'updated' });
    expect(access()).toEqual([TREASURY]);
  });

  it('keeps what HR says of them where Okta may not', async () => {
    const { happens, users } = await employed();
    const moved = await happens('user.account.update_profile', {
      profile: { department: 'Treasury', email: 'sanna.dahl@press.example' },
    });
    expect(moved?.status).not.toBe('needs-attention');
    expect(users()).toEqual([{ email: SANNA, permissions: NEWSROOM }]);
  });

  it('of whom nobody has stated an employment gets no account', async () => {
    const { happens, users } = road({ authority: ALL });
    await happens('user.account.update_profile', { profile: { department: 'Newsroom' } });
    expect(users()).toEqual([]);
  });
});

describe('a leaver', () => {
  it.each([
    ['user.lifecycle.deactivate', 'DEPROVISIONED'],
    ['user.lifecycle.suspend', 'SUSPENDED'],
    ['user.lifecycle.delete.initiated', 'DEPROVISIONED'],
  ])('by %s loses everything at once, although HR hired them', async (type, status) => {
    const { happens, access } = await employed();
    expect(await happens(type, { status })).toMatchObject({ type: 'offboard', email: SANNA, outcome: 'revoked' });
    expect(access()).toEqual([[]]);
  });

  it('is noticed by any event that is looked up, should that of the deactivation be lost', async () => {
    const { happens, access } = await employed();
    expect(await happens('user.account.update_profile', { status: 'DEPROVISIONED' })).toMatchObject({
      type: 'offboard',
      outcome: 'revoked',
    });
    expect(access()).toEqual([[]]);
  });

  it('without an address any more is found by the id that Okta gave', async () => {
    const { happens, access } = await employed();
    await happens('user.lifecycle.create');
    const gone = { status: 'DEPROVISIONED', profile: { email: null } };
    expect(await happens('user.lifecycle.deactivate', gone)).toMatchObject({ outcome: 'revoked' });
    expect(access()).toEqual([[]]);
  });

  it('who is deleted before the look-up needs a person', async () => {
    const { send, access } = await employed();
    const [job] = await send([oktaEvent('user.lifecycle.delete.initiated')]);
    expect(job).toMatchObject({ status: 'needs-attention', error: { code: 'employee-not-found' } });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('whose look-up fails leaves when Okta answers again', async () => {
    const { happens, access, world } = await employed();
    vendor.fake.fail({ status: 429, retryAfter: '600' });
    const failed = await happens('user.lifecycle.deactivate', { status: 'DEPROVISIONED' });
    expect(failed).toMatchObject({ status: 'retrying', error: { code: 'vendor-unavailable' } });
    await world.runFor(590);
    expect(access()).toEqual([NEWSROOM]);
    await world.runFor(20);
    expect(access()).toEqual([[]]);
  });
});

describe('a suspension', () => {
  it('takes the access away, and its end gives it back as it was', async () => {
    const { happens, access } = await employed();
    expect(await happens('user.lifecycle.suspend', { status: 'SUSPENDED' })).toMatchObject({ outcome: 'revoked' });
    expect(access()).toEqual([[]]);
    expect(await happens('user.lifecycle.unsuspend', { status: 'ACTIVE' })).toMatchObject({
      type: 'onboard',
      outcome: 'updated',
    });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('and its end may come in any order: how the user stands decides', async () => {
    const { become, hint, access } = await employed();
    become({ status: 'SUSPENDED' });
    expect(await hint('user.lifecycle.unsuspend')).toMatchObject({ type: 'offboard', outcome: 'revoked' });
    expect(await hint('user.lifecycle.suspend')).toMatchObject({ type: 'offboard', outcome: 'unchanged' });
    expect(access()).toEqual([[]]);
    become({ status: 'ACTIVE' });
    await hint('user.lifecycle.unsuspend');
    await hint('user.lifecycle.suspend');
    expect(access()).toEqual([NEWSROOM]);
  });

  it('that is over before the last day that HR stated leaves no such day: only another statement does', async () => {
    const { happens, world, access } = road();
    const oktaLookUp = world.lookUp;
    const record = { employeeId: '31', email: SANNA, start: '2026-01-05', attributes: { department: 'Newsroom' } };
    world.lookUp = async (source, ...asked) =>
      source === 'personio'
        ? { kind: 'record', record: { ...record, end: '2026-03-10' } }
        : oktaLookUp(source, ...asked);
    const hrTells = async () => {
      const receivedAt = world.clock.now();
      const receipt = { deliveryId: receivedAt, seed: receivedAt, requestHash: null, receivedAt };
      const authority = ['employment', 'attributes'] as const;
      await accept(world, [{ kind: 'lookup', id: '31' }], { source: 'personio', authority, ...receipt });
      await world.runFor(1);
    };
    await hrTells();
    await happens('user.lifecycle.suspend', { status: 'SUSPENDED' });
    expect(access()).toEqual([[]]);
    await happens('user.lifecycle.unsuspend', { status: 'ACTIVE' });
    await hrTells();
    await world.runFor(10 * DAY);
    expect(access()).toEqual([NEWSROOM]);
    await post(world, about(SANNA, 'offboard', { effectiveAt: '2026-03-14' }));
    await world.runFor(DAY);
    expect(access()).toEqual([NEWSROOM]);
    await world.runFor(3 * DAY);
    expect(access()).toEqual([[]]);
  });

  it('that is over before the look-up takes nothing away', async () => {
    const { happens, access, world } = await employed();
    expect(await happens('user.lifecycle.suspend', { status: 'ACTIVE' })).toMatchObject({ type: 'change' });
    expect(access()).toEqual([NEWSROOM]);
    expect(world.fake.calls).toHaveLength(1);
  });
});

describe('a person whom HR has ended', () => {
  const ended = async () => {
    const made = await employed();
    await made.hr(about(SANNA, 'offboard', { person: { externalId: '31' } }));
    expect(made.access()).toEqual([[]]);
    return made;
  };

  it.each(['user.lifecycle.unsuspend', 'user.lifecycle.reactivate', 'user.lifecycle.create'])(
    'is not brought back by %s: that needs a person, who may post the onboard',
    async (type) => {
      const { happens, access, world } = await ended();
      const back = await happens(type, { status: 'ACTIVE' });
      expect(back).toMatchObject({ status: 'needs-attention', error: { code: 'ended-elsewhere' } });
      await world.runFor(2 * DAY);
      expect(access()).toEqual([[]]);
      await post(world, about(SANNA, 'onboard'));
      await world.runFor(1);
      expect(access()).toEqual([NEWSROOM]);
    },
  );

  it('is not brought back by a change of the profile', async () => {
    const { happens, access, world } = await ended();
    await happens('user.account.update_profile', { status: 'ACTIVE' });
    await world.runFor(2 * DAY);
    expect(access()).toEqual([[]]);
  });
});

describe('a hint from whoever knows the text', () => {
  it('cannot stop anybody who was not stopped at Okta', async () => {
    const { become, hint, access, world } = await employed();
    become({ status: 'ACTIVE' });
    for (const type of ['user.lifecycle.deactivate', 'user.lifecycle.suspend', 'user.lifecycle.delete.initiated'])
      expect(await hint(type)).toMatchObject({ type: 'change' });
    await world.runFor(DAY);
    expect(access()).toEqual([NEWSROOM]);
  });

  it('cannot bring back anybody who was stopped at Okta', async () => {
    const { happens, hint, access } = await employed();
    await happens('user.lifecycle.deactivate', { status: 'DEPROVISIONED' });
    for (const type of ['user.lifecycle.create', 'user.lifecycle.reactivate', 'user.lifecycle.unsuspend'])
      expect(await hint(type)).toMatchObject({ type: 'offboard' });
    expect(access()).toEqual([[]]);
  });

  it('cannot say who somebody is: nothing of the body is believed but the id', async () => {
    const { become, send, users, kept } = road({ authority: ALL });
    become({ profile: { department: 'Newsroom' } });
    const forged = { id: OKTA_ID, type: 'User', alternateId: 'mallory@press.example', displayName: 'Mallory' };
    await send([
      oktaEvent('user.lifecycle.create', OKTA_ID, {
        target: [forged],
        profile: { email: 'mallory@press.example', department: 'Treasury' },
      }),
    ]);
    expect(users()).toEqual([{ email: SANNA, permissions: NEWSROOM }]);
    expect(kept()).not.toMatch(/mallory/i);
  });

  it('under the id of a delivery to come does not keep that from being heard', async () => {
    const { deliver, become, access } = await employed();
    const say = (event: object) =>
      deliver({ headers: { authorization: OKTA_AUTHORIZATION }, body: wire(oktaBody([event], 'to-come')) });
    await say(oktaEvent('user.lifecycle.deactivate', '00u5fnobody000000009'));
    become({ status: 'DEPROVISIONED' });
    expect(await say(oktaEvent('user.lifecycle.deactivate'))).toMatchObject([{ outcome: 'revoked' }]);
    expect(access()).toEqual([[]]);
  });

  it('of an id that is nobody’s needs a person and changes nothing', async () => {
    const { send, users } = road({ authority: ALL });
    const [job] = await send([oktaEvent('user.lifecycle.create', '00u5fnobody000000009')]);
    expect(job).toMatchObject({ status: 'needs-attention', error: { code: 'employee-not-found' } });
    expect(users()).toEqual([]);
  });
});

describe('a delivery of several events', () => {
  it('proceeds with the good ones and names the bad one by its place, also when it comes again', async () => {
    const { send, become, access, world } = road({ authority: ALL });
    become({ profile: { department: 'Newsroom' } });
    const TOVE = '00u5ftove00000000002';
    const tove = { email: 'tove@press.example', login: 'tove', department: 'Treasury' };
    vendor.fake.records.set(TOVE, { profile: tove });
    const bad = oktaEvent('user.lifecycle.deactivate', OKTA_ID, { target: [] });
    const events = [oktaEvent('user.lifecycle.create'), bad, oktaEvent('user.lifecycle.create', TOVE)];
    const jobs = await send(events);
    expect(jobs).toMatchObject([
      { position: 0, outcome: 'created' },
      { position: 1, status: 'needs-attention', error: { code: 'unreadable' } },
      { position: 2, outcome: 'created' },
    ]);
    expect(jobs[1]?.history.at(-1)?.detail).toContain('/data/events/1/target');
    expect(access()).toEqual([NEWSROOM, TREASURY]);
    expect(world.alarms.map(({ code }) => code)).toEqual(['unreadable']);
    expect(await send([oktaEvent('user.session.clear')])).toEqual([]);
  });

  it('of one user says the same as each of them alone', async () => {
    const { send, become, access, world } = road({ authority: ALL });
    become({ profile: { department: 'Newsroom' } });
    const events = ['create', 'activate'].map((what) => oktaEvent(`user.lifecycle.${what}`));
    expect(await send(events)).toMatchObject([{ type: 'onboard' }, { type: 'onboard' }]);
    expect(access()).toEqual([NEWSROOM]);
    expect(world.fake.calls).toHaveLength(1);
  });
});

describe('a request', () => {
  it('is answered before Okta is asked for anything', async () => {
    const { send, become, world, access } = road({ authority: ALL });
    become({ profile: { department: 'Newsroom' } });
    expect(await send([oktaEvent('user.lifecycle.create')], 0)).toMatchObject([{ status: 'queued' }]);
    expect(vendor.fake.requests).toEqual([]);
    await world.runFor(4);
    expect(vendor.fake.requests).toHaveLength(1);
    expect(access()).toEqual([NEWSROOM]);
  });

  it('is answered the same while Okta is down', async () => {
    const { send } = road({ baseUrl: 'http://127.0.0.1:9' });
    expect(await send([oktaEvent('user.lifecycle.deactivate')], 0)).toMatchObject([{ status: 'queued' }]);
  });
});

describe('personal data', () => {
  it('of the body and the user is in no job, person or message, and no credential is', async () => {
    const canaries = newCanaries();
    const { deliver, kept } = road({ authority: ALL });
    const { id, employee } = oktaSample.record?.(canaries) ?? { id: '', employee: {} };
    vendor.fake.records.set(id, employee);
    await deliver({ headers: oktaSample.headers('', new Date(0)), body: wire(oktaSample.body(canaries)) });
    const all = kept();
    expect(all).toContain(oktaSample.email);
    const secret = [OKTA_AUTHORIZATION, OKTA_SETTINGS.apiToken];
    expect([...canaries.planted, ...secret].filter((planted) => all.includes(planted))).toEqual([]);
  });
});
