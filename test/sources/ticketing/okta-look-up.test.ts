/** Okta's users, looked up over HTTP. */
import { describe, expect, it } from 'vitest';
import type { EventType } from '../../../shared/lifecycle/event.ts';
import { okta } from '../../../shared/sources/ticketing/okta.ts';
import { oktaFake, oktaUser } from '../../fakes/vendors/okta.ts';
import { OKTA_ID, OKTA_SETTINGS } from '../../fixtures/ticketing/okta.ts';
import { useVendor } from '../stage.ts';
import { BAD_IDS, FAILURES } from '../tables.ts';

const vendor = useVendor({
  make: okta,
  fake: () => oktaFake('an api token of the tests'),
  settings: { ...OKTA_SETTINGS, apiToken: 'an api token of the tests' },
});
const SAYINGS: (EventType | undefined)[] = ['onboard', 'change', 'offboard', undefined];

const found = async (user: object, said?: EventType, settings: object = {}, context: object = {}) => {
  vendor.fake.records.set(OKTA_ID, { ...user });
  return vendor.source(settings, context).lookUp?.(OKTA_ID, said);
};

describe('a user who works there', () => {
  const person = { externalId: OKTA_ID, email: 'sanna@press.example' };

  it.each(['ACTIVE', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT'])(
    'because they are %s joins where that was said, and is never more than changed by anything else that was',
    async (status) => {
      const event = (type: EventType) => ({ kind: 'event', event: { type, person } });
      expect(await found({ status }, 'onboard')).toEqual(event('onboard'));
      expect(await found({ status }, 'change')).toEqual(event('change'));
      expect(await found({ status }, 'offboard')).toEqual(event('change'));
      expect(await found({ status })).toEqual(event('change'));
    },
  );

  it('is known by the id, the address and the words of the profile, and by nothing else of it', async () => {
    const words = { department: 'Newsroom', title: ' Editor ', userType: 'Employee' };
    const profile = { ...words, costCenter: '4711', employeeNumber: '17', manager: 'Ulf', division: 'Print' };
    expect(await found({ profile }, 'onboard')).toEqual({
      kind: 'event',
      event: {
        type: 'onboard',
        person: { ...person, department: 'Newsroom', jobTitle: 'Editor', employmentType: 'Employee' },
      },
    });
  });

  it('is said nothing of that Okta leaves out, and is cleared of what it says there is none of', async () => {
    const profile = { department: null, title: '', userType: undefined };
    expect(await found({ profile }, 'change')).toEqual({
      kind: 'event',
      event: { type: 'change', person: { ...person, department: null, jobTitle: null } },
    });
  });

  it.each<[rule: string, email: unknown, context: object]>([
    ['none', null, {}],
    ['not there', undefined, {}],
    ['empty', '', {}],
    ['no address', 'sanna', {}],
    ['outside the allowed domains', 'sanna@mail.example', { allowedDomains: ['press.example'] }],
  ])(
    'whose email is %s is not given their login instead: joining is for a person, a change goes by the id',
    async (...row) => {
      const [, email, context] = row;
      const user = { profile: { email, login: 'sanna.berg@press.example' } };
      expect(await found(user, 'onboard', {}, context)).toEqual({ kind: 'review', code: 'no-email' });
      expect(await found(user, 'change', {}, context)).toEqual({
        kind: 'event',
        event: { type: 'change', person: { externalId: OKTA_ID } },
      });
    },
  );
});

describe('a user who was stopped', () => {
  it.each(['SUSPENDED', 'DEPROVISIONED'])('because they are %s leaves, whatever was said', async (status) => {
    const person = { externalId: OKTA_ID, email: 'sanna@press.example' };
    for (const said of SAYINGS) {
      expect(await found({ status, profile: { department: 'Newsroom' } }, said)).toEqual({
        kind: 'event',
        event: { type: 'offboard', person },
      });
    }
  });

  it('leaves also without an address', async () => {
    expect(await found({ status: 'DEPROVISIONED', profile: { email: null } }, 'offboard')).toEqual({
      kind: 'event',
      event: { type: 'offboard', person: { externalId: OKTA_ID } },
    });
  });

  it.each(['ACTIVE', 'SUSPENDED', 'STAGED'])('leaves as soon as they are on the way from %s to it', async (status) => {
    for (const said of SAYINGS) {
      expect(await found({ status, transitioningToStatus: 'DEPROVISIONED' }, said)).toMatchObject({
        event: { type: 'offboard' },
      });
    }
  });
});

describe('a user who does not work there yet', () => {
  it('because they are STAGED asks for nothing: their activation comes with an event of its own', async () => {
    for (const said of SAYINGS)
      expect(await found({ status: 'STAGED' }, said)).toEqual({ kind: 'nothing', because: 'not-active' });
  });

  it.each(['STAGED', 'DEPROVISIONED', 'SUSPENDED'])(
    'because %s is about to change is asked for again',
    async (status) => {
      for (const said of SAYINGS) {
        expect(await found({ status, transitioningToStatus: 'ACTIVE' }, said)).toEqual({
          kind: 'failed',
          reason: 'record-incomplete',
        });
      }
    },
  );

  it('is not one who waits for their first password: they are PROVISIONED, on the way to ACTIVE', async () => {
    const waiting = { status: 'PROVISIONED', transitioningToStatus: 'ACTIVE' };
    expect(await found(waiting, 'onboard')).toMatchObject({ event: { type: 'onboard' } });
  });
});

describe('a status that Okta did not have when this was written', () => {
  it.each(['DELETED', 'active', '', 'constructor'])('such as %j is for a person', async (status) => {
    for (const said of SAYINGS)
      expect(await found({ status }, said)).toEqual({ kind: 'review', code: 'employee-inactive' });
  });
});

describe('a look-up', () => {
  it('asks for the one user, with our own token', async () => {
    await found({}, 'change');
    expect(vendor.asked).toMatchObject([
      { method: 'GET', path: `/api/v1/users/${OKTA_ID}`, headers: { authorization: 'SSWS an api token of the tests' } },
    ]);
  });

  it.each(['id', 'status', 'profile'])('without %s is no whole record', async (member) => {
    const { [member]: _, ...user } = oktaUser(OKTA_ID);
    vendor.instead(OKTA_ID, { status: 200, body: user });
    expect(await vendor.source().lookUp?.(OKTA_ID, 'offboard')).toEqual({
      kind: 'failed',
      reason: 'record-incomplete',
    });
  });

  it.each<[string, object]>([
    ['somebody else', { id: '00u5fother0000000002' }],
    ['the same id in other letters', { id: OKTA_ID.toUpperCase() }],
    ['a status that is no text', { status: ['ACTIVE'] }],
    ['an address that is no text', { profile: { email: { primary: 'sanna@press.example' } } }],
  ])('that answers %s is no whole record', async (_, user) => {
    expect(await found(user, 'onboard')).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it('by a login that has the form of an id is no whole record: the id is another', async () => {
    vendor.fake.records.set(OKTA_ID, { profile: { login: 'sanna' } });
    expect(await vendor.source().lookUp?.('sanna', 'onboard')).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it.each<(typeof FAILURES)[number]>(FAILURES)(
    'that is answered %s says nothing about anybody',
    async (_, fault, lookup) => {
      vendor.fake.records.set(OKTA_ID, {});
      vendor.fake.fail(fault);
      expect(await vendor.source().lookUp?.(OKTA_ID, 'offboard')).toEqual(lookup);
    },
  );

  it('with a token that is not known, or of nobody, is refused by the vendor', async () => {
    expect(await found({}, 'change', { apiToken: 'old' })).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
    expect(await vendor.source().lookUp?.('00u5fnobody000000009')).toEqual({ kind: 'not-found' });
  });

  it('of a vendor that cannot be reached is tried again', async () => {
    expect(await vendor.source({ baseUrl: 'http://127.0.0.1:9' }).lookUp?.(OKTA_ID, 'offboard')).toEqual({
      kind: 'failed',
      reason: 'vendor-unavailable',
    });
  });

  it.each([...BAD_IDS, 'me', 'sanna.berg@press.example', `${OKTA_ID}/lifecycle/deactivate`])(
    'never asks for %j',
    async (id) => {
      expect(await vendor.source().lookUp?.(id, 'onboard')).toEqual({ kind: 'not-found' });
      expect(vendor.fake.requests).toEqual([]);
    },
  );
});
