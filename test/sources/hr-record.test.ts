import { describe, expect, it } from 'vitest';
import { dateMember, dateOrNull, employeeRecord, isAhead, workEmail } from '../../shared/sources/hr-record.ts';
import { SETTING } from './signed.ts';

describe('a date', () => {
  it.each(['2026-12-31', '1900-01-01', '2200-12-31', '2026-12-31T18:00:00+05:30'])('is %s', (date) => {
    expect(dateOrNull(date)).toBe(date);
    expect(dateMember.safeParse(date).success).toBe(true);
  });

  it.each([null, '', '0000-00-00', '0001-01-01', '9999-12-31', '1899-12-31', '0001-01-01T00:00:00Z'])(
    'is not %j, which says that there is none',
    (none) => {
      expect(dateOrNull(none)).toBeNull();
      expect(dateMember.safeParse(none).success).toBe(true);
    },
  );

  it.each([undefined, '31/12/2026', '2026-02-30', '2026-13-01', '20261231', 'Dec 31, 2026', 1798675200])(
    'is not %j, which makes the record incomplete',
    (wrong) => {
      expect(dateMember.safeParse(wrong).success).toBe(false);
    },
  );
});

describe('a work address', () => {
  it.each([
    [' Una@Verlag.Example', 'una@verlag.example'],
    ['una@elsewhere.example', null],
    ['una@verlag.example.evil.example', null],
    ['\u212Ari@verlag.example', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%j is %j', (value, email) => {
    expect(workEmail(value, { allowedDomains: ['verlag.example'] })).toBe(email);
  });
});

describe('a record', () => {
  const from = { employeeId: '7', email: null, start: '2026-02-01', end: null };
  const read = (more: object, isActive = false) =>
    employeeRecord({ ...from, ...more }, { timeZone: undefined, context: SETTING, isActive });

  it('says nothing of a word that the vendor has no field for, and null of one that is empty or no word', () => {
    const words = { department: ' Desk ', jobTitle: '', location: 'x'.repeat(201), employmentType: 'a\u0000b' };
    expect(read(words)).toMatchObject({
      record: { attributes: { department: 'Desk', jobTitle: null, location: null, employmentType: null } },
    });
    expect(read({})).toMatchObject({ record: { attributes: {} } });
  });

  it('of somebody active leaves out an end before their start, and of nobody else', () => {
    expect(read({ end: '2026-01-31' }, true)).toMatchObject({ record: { end: null } });
    expect(read({ end: '2026-02-01' }, true)).toMatchObject({ record: { end: '2026-02-01' } });
    expect(read({ end: '2026-01-31' })).toMatchObject({ record: { end: '2026-01-31' } });
  });
});

describe('a first day', () => {
  const at = (now: string) => ({ now: () => now });

  it('is ahead until it begins in its zone, across the date line', () => {
    expect(isAhead('2026-05-06', 'UTC', at('2026-05-05T23:59:59.999Z'))).toBe(true);
    expect(isAhead('2026-05-06', 'UTC', at('2026-05-06T00:00:00.000Z'))).toBe(false);
    expect(isAhead('2026-05-06', 'Pacific/Kiritimati', at('2026-05-05T10:00:00.000Z'))).toBe(false);
    expect(isAhead('2026-05-06', 'Pacific/Pago_Pago', at('2026-05-06T10:59:59.999Z'))).toBe(true);
  });

  it('that nobody knows is not', () => {
    expect(isAhead(null, 'UTC', at('2026-05-05T00:00:00.000Z'))).toBe(false);
  });
});
