import { describe, expect, it } from 'vitest';
import { findSource } from '../../shared/sources/registry.ts';
import { GOOD, mapped, PERSON, portal, READS, readAs, SETTINGS } from './generic-stage.ts';
import { SETTING } from './signed.ts';

const eventOf = (settings: object, body: object): unknown => {
  const reading = readAs(settings, { ...GOOD, ...body });
  const [notice] = reading.kind === 'notices' ? reading.notices : [];
  return notice?.kind === 'event' ? notice.event : reading;
};

describe('a generic source', () => {
  it('is named for its name, speaks of employment and attributes, and answers 400 to what it cannot read', () => {
    expect(portal()).toMatchObject({
      name: 'generic/portal',
      authority: ['employment', 'attributes'],
      mediaTypes: ['application/json', ''],
      unreadableStatus: 400,
      acceptedStatus: 202,
    });
    expect(portal({ ...SETTINGS, authority: ['grants'], acceptedStatus: 200 })).toMatchObject({
      authority: ['grants'],
      acceptedStatus: 200,
    });
  });

  it.each(['other', 'constructor', 'to-string'])('named %j that nobody configured does not exist', async (name) => {
    expect(await findSource(`generic/${name}`, { generic: { portal: SETTINGS } }, SETTING)).toBeNull();
  });

  it.each(['__proto__', '', 'Portal', 'portal/x', 'portal\n', '-portal', '%70ortal'])(
    'named %j does not exist, even where the secret has such a member',
    async (name) => {
      const own: unknown = JSON.parse(`{"generic":{${JSON.stringify(name)}:${JSON.stringify(SETTINGS)}}}`);
      expect(await findSource(`generic/${name}`, own, SETTING)).toBeNull();
    },
  );

  it('is no source of its own without a name, nor where no generic one is configured', async () => {
    expect(await findSource('generic', { generic: SETTINGS }, SETTING)).toBeNull();
    expect(await findSource('generic/portal', {}, SETTING)).toBeNull();
    expect(await findSource('generic/portal', { generic: null }, SETTING)).toBeNull();
    expect(await findSource('generic/portal', { 'generic/portal': SETTINGS }, SETTING)).toBeNull();
  });
});

describe('a mapping', () => {
  it('reads every member of the canonical event', () => {
    const leaf = (name: string) => `/deep/${name}`;
    const settings = {
      mapping: {
        type: '/kind',
        person: {
          email: '/mail',
          externalId: '/number',
          previousEmail: leaf('was'),
          firstName: leaf('first'),
          lastName: leaf('last'),
          department: leaf('unit'),
          jobTitle: leaf('job'),
          location: leaf('site'),
          employmentType: leaf('contract'),
          attributes: { costCentre: leaf('cost'), value: leaf('value'), root: leaf('root') },
        },
        access: {
          role: { value: 'ADMIN' },
          permissions: { ga4: leaf('ga4'), billing: { value: true } },
          until: '/until',
        },
        effectiveAt: '/day',
        timeZone: { value: 'Asia/Kolkata' },
        occurredAt: '/at',
        reason: '/why',
        reference: '/ticket',
      },
    };
    const deep = {
      was: 'old@hamn.example',
      first: 'Tove',
      last: 'Ek',
      unit: 'Växel',
      job: 'Operatör',
      site: 'Luleå',
      contract: 'full',
      cost: 4711,
      value: 'v',
      root: 'r',
      ga4: false,
    };
    const body = { deep, until: '2027-01-31', day: '2026-12-31', at: '2026-05-05T05:00:00Z', why: 'moved', ticket: 12 };
    expect(eventOf(settings, body)).toEqual({
      type: 'change',
      person: {
        ...PERSON,
        previousEmail: 'old@hamn.example',
        firstName: 'Tove',
        lastName: 'Ek',
        department: 'Växel',
        jobTitle: 'Operatör',
        location: 'Luleå',
        employmentType: 'full',
        attributes: { costCentre: '4711', value: 'v', root: 'r' },
      },
      access: { role: 'ADMIN', permissions: { ga4: false, billing: true }, until: '2027-01-31' },
      effectiveAt: '2026-12-31',
      timeZone: 'Asia/Kolkata',
      occurredAt: '2026-05-05T05:00:00Z',
      reason: 'moved',
      reference: '12',
    });
  });

  const unit = mapped({ person: { ...READS.mapping.person, department: '/unit', attributes: { site: '/site' } } });

  it('says nothing of what is not there, clears what is null, and takes nothing that is not mapped', () => {
    expect(eventOf(unit, { other: 'x' })).toEqual({ type: 'change', person: PERSON });
    expect(eventOf(unit, { unit: null, site: null })).toEqual({
      type: 'change',
      person: { ...PERSON, department: null, attributes: { site: null } },
    });
  });

  it('keeps a grant out where nothing is said of one', () => {
    expect(eventOf(mapped({ access: { profile: '/p', until: '/u' } }), {})).toEqual({ type: 'change', person: PERSON });
  });

  it('reads the words of the sender, also true, false and numbers, and has no job for others', () => {
    const words = { left: 'offboard', false: 'offboard', '3': 'onboard' };
    for (const [kind, type] of [
      ['left', 'offboard'],
      [false, 'offboard'],
      [3, 'onboard'],
    ])
      expect(eventOf({ words }, { kind })).toMatchObject({ type });
    for (const kind of ['change', 'LEFT', '', 'constructor', '__proto__', true])
      expect(readAs({ words }, { ...GOOD, kind })).toEqual({ kind: 'notices', notices: [], deliveryId: 'd-1' });
  });

  it('may have one type for all', () => {
    expect(eventOf(mapped({ type: { value: 'offboard' } }), {})).toMatchObject({ type: 'offboard' });
  });
});
