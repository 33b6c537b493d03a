/** §4's canonical event: what is read, what is refused, and at which pointer. */
import { describe, expect, it } from 'vitest';
import { Problem } from '../../shared/lifecycle/errors.ts';
import { readEvent } from '../../shared/lifecycle/event.ts';

const onboard = { type: 'onboard', person: { email: 'noor@paper.example' } };
const withPerson = (person: object) => ({ ...onboard, person: { ...onboard.person, ...person } });

function problemOf(read: () => unknown): Problem {
  try {
    read();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
const pointersOf = (value: unknown, domains: string[] = []) =>
  problemOf(() => readEvent(value, domains)).violations.map(({ pointer }) => pointer);

describe('an event', () => {
  it('may say everything the contract names', () => {
    const full = {
      type: 'change',
      person: {
        email: 'noor@paper.example',
        externalId: '1042',
        previousEmail: 'old@paper.example',
        firstName: 'N',
        lastName: 'A',
        department: 'Desk',
        jobTitle: null,
        location: 'Pune',
        employmentType: 'permanent',
        attributes: { costCentre: '4711', team: null },
      },
      access: { profile: 'finance', until: '2027-01-31' },
      effectiveAt: '2026-12-31T18:00:00+05:30',
      timeZone: 'Asia/Kolkata',
      occurredAt: '2026-11-23T09:30:00Z',
      reason: 'move',
      reference: 'REQ-1234',
    };
    expect(readEvent(full)).toEqual(full);
    expect(
      readEvent({
        ...onboard,
        effectiveAt: '2026-12-31',
        access: { role: 'ADMIN', permissions: { ga4: true, export: false } },
      }),
    ).toBeDefined();
  });

  it.each([
    ['no object', [], ''],
    ['null', null, ''],
    ['a number', 7, ''],
    ['no type', { person: onboard.person }, '/type'],
    ['another type', { ...onboard, type: 'hire' }, '/type'],
    ['no person', { type: 'change' }, '/person'],
    ['an unknown member', { ...onboard, efectiveAt: '2026-12-31' }, '/efectiveAt'],
    ['an unknown member of the person', withPerson({ departement: 'Desk' }), '/person/departement'],
    ['a password', withPerson({ password: 'x' }), '/person/password'],
    [
      'an unknown permission',
      { ...onboard, access: { role: 'A', permissions: { checkout: true } } },
      '/access/permissions/checkout',
    ],
    ['an empty text', withPerson({ department: '' }), '/person/department'],
    ['a blank text', withPerson({ department: '  ' }), '/person/department'],
    ['an empty employee id', withPerson({ externalId: '' }), '/person/externalId'],
    ['an address cleared by null', withPerson({ email: null }), '/person/email'],
    ['a previous address cleared by null', withPerson({ previousEmail: null }), '/person/previousEmail'],
    ['an attribute that is no string', withPerson({ attributes: { level: 3 } }), '/person/attributes/level'],
    ['an empty attribute', withPerson({ attributes: { level: '' } }), '/person/attributes/level'],
    ['a date that is none', { ...onboard, effectiveAt: '0000-00-00' }, '/effectiveAt'],
    ['a day that is none', { ...onboard, effectiveAt: '2026-02-30' }, '/effectiveAt'],
    ['a date of 1899', { ...onboard, effectiveAt: '1899-12-31' }, '/effectiveAt'],
    ['a date of 2201', { ...onboard, effectiveAt: '2201-01-01' }, '/effectiveAt'],
    ['an until that is none', { ...onboard, access: { profile: 'x', until: 'soon' } }, '/access/until'],
    ['an offset as time zone', { ...onboard, timeZone: '+05:30' }, '/timeZone'],
    ['a day for occurredAt', { ...onboard, occurredAt: '2026-11-23' }, '/occurredAt'],
    ['access to nothing', { ...onboard, access: {} }, '/access'],
    ['a role without permissions', { ...onboard, access: { role: 'ADMIN' } }, '/access'],
    ['a profile and permissions', { ...onboard, access: { profile: 'x', role: 'ADMIN', permissions: {} } }, '/access'],
  ])('with %s is refused', (_, value, pointer) => {
    expect(pointersOf(value)).toEqual([pointer]);
  });

  it('names every member that is wrong at once, in pointers that are escaped', () => {
    const wrong = { type: 'x', person: { email: 'no', 'a/b~c': 1 }, effectiveAt: 'soon' };
    expect(pointersOf(wrong).sort()).toEqual(['/effectiveAt', '/person/a~1b~0c', '/person/email', '/type']);
  });

  it('may leave the address out on a change and an offboard with an employee id, and only there', () => {
    for (const type of ['change', 'offboard']) {
      expect(readEvent({ type, person: { externalId: '7' } })).toBeDefined();
      expect(pointersOf({ type, person: {} })).toEqual(['/person/email']);
    }
    expect(pointersOf({ type: 'onboard', person: { externalId: '7' } })).toEqual(['/person/email']);
  });

  it.each(['__proto__', 'constructor', 'toString'])('does not let a member called %s pass silently', (name) => {
    expect(pointersOf(JSON.parse(`{"type":"change","person":{"externalId":"7"},"${name}":{}}`))).toEqual([`/${name}`]);
    expect(pointersOf(JSON.parse(`{"type":"change","person":{"externalId":"7","${name}":{}}}`))).toEqual([
      `/person/${name}`,
    ]);
  });

  it('does not let an attribute called __proto__ pass silently', () => {
    const value = JSON.parse('{"type":"change","person":{"externalId":"7","attributes":{"__proto__":"x"}}}');
    expect(pointersOf(value)).toEqual(['/person/attributes/__proto__']);
  });
});

describe('an address', () => {
  const emailOf = (email: string) => readEvent({ type: 'onboard', person: { email } }).person.email;

  it('is trimmed and lower-cased', () => expect(emailOf('  Noor.Ali@Paper.EXAMPLE\n')).toBe('noor.ali@paper.example'));

  it('has at most 254 characters', () => {
    const host = `${'h'.repeat(60)}.${'h'.repeat(60)}.${'h'.repeat(59)}.example`;
    const longest = `${'l'.repeat(254 - 1 - host.length)}@${host}`;
    expect(longest).toHaveLength(254);
    expect(emailOf(longest)).toBe(longest);
    expect(pointersOf({ type: 'onboard', person: { email: longest.replace('.example', 'h.example') } })).toEqual([
      '/person/email',
    ]);
  });

  it.each([
    'noör@paper.example',
    'noor@päper.example',
    'noor@paper.example\u0000',
    'noor',
    '@paper.example',
    'noor@',
    'a b@paper.example',
    'a@b@paper.example',
    'noor@paper',
    'Noor <noor@paper.example>',
    'noor@\u212Aeeper.example',
    '\u212Anoor@paper.example',
    'noor@paper.exam\u200Bple',
  ])('such as %j is refused', (email) =>
    expect(pointersOf({ type: 'onboard', person: { email } })).toEqual(['/person/email']),
  );

  it('must be within the allowed domains where there are any', () => {
    const domains = ['paper.example'];
    expect(readEvent(onboard, domains)).toBeDefined();
    expect(readEvent({ type: 'offboard', person: { externalId: '7' } }, domains)).toBeDefined();
    for (const email of ['a@other.example', 'a@sub.paper.example', 'a@evilpaper.example']) {
      expect(pointersOf({ type: 'onboard', person: { email } }, domains)).toEqual(['/person/email']);
    }
    expect(pointersOf(withPerson({ previousEmail: 'a@other.example' }), domains)).toEqual(['/person/previousEmail']);
  });
});
