import { describe, expect, it } from 'vitest';
import {
  dateMember,
  dateOrNull,
  employeeRecord,
  endSince,
  isAhead,
  periodThatMatters,
  workEmail,
} from '../../shared/sources/employee-record.ts';
import { SETTING } from './signed.ts';
import { NO_DATES, NOT_DATES } from './tables.ts';

describe('a date', () => {
  it.each(['2026-12-31', '1900-01-01', '2200-12-31', '2026-12-31T18:00:00+05:30'])(
    'is %s, as it is written',
    (date) => {
      expect(dateOrNull(date)).toBe(date);
      expect(dateMember().safeParse(date)).toEqual({ success: true, data: date });
    },
  );

  it.each([
    ['2026-06-30', '2026-06-30'],
    ['2026-06-30T00:00:00.000Z', '2026-06-30'],
    ['2026-06-30T23:59:59+05:30', '2026-06-30'],
    ['2026-06-30 00:00:00', '2026-06-30'],
  ])('of a vendor whose timestamps are days is, in %s, the day that is written', (value, date) => {
    expect(dateOrNull(value, 'days')).toBe(date);
    expect(dateMember('days').safeParse(value)).toEqual({ success: true, data: date });
  });

  describe.each(['instants', 'days'] as const)('of a vendor whose timestamps are %s', (timestamps) => {
    it.each([...NO_DATES, '1899-12-31', '0001-01-01T00:00:00Z', '0000-00-00 00:00:00'])(
      'is not %j, which says that there is none',
      (none) => {
        expect(dateOrNull(none, timestamps)).toBeNull();
        expect(dateMember(timestamps).safeParse(none)).toEqual({ success: true, data: null });
      },
    );

    it.each([...NOT_DATES, undefined, '2026-13-01', '20261231', 'Dec 31, 2026', '30.06.2026', 1798675200, true])(
      'is not %j, which makes the record incomplete',
      (wrong) => {
        expect(dateOrNull(wrong, timestamps)).toBeNull();
        expect(dateMember(timestamps).safeParse(wrong).success).toBe(false);
      },
    );
  });
});

describe('a work address', () => {
  it.each([
    [' Una@Verlag.Example', 'una@verlag.example'],
    ['una@verlag.example ', 'una@verlag.example'],
    ['una@elsewhere.example', null],
    ['una@sub.verlag.example', null],
    ['una@verlag.example.evil.example', null],
    ['una@verlag.example, x@verlag.example', null],
    ['\u212Ari@verlag.example', null],
    ['una', null],
    ['', null],
    [7, null],
    [null, null],
    [undefined, null],
  ])('%j is %j', (value, email) => {
    expect(workEmail(value, { allowedDomains: ['verlag.example'] })).toBe(email);
  });
});

describe('a record', () => {
  const from = { employeeId: '7', email: null, start: '2026-02-01', end: null };
  const read = (more: object) => employeeRecord({ ...from, ...more }, SETTING);

  it('says nothing of a word that the vendor has no field for, and null of one that is empty or no word', () => {
    const words = { department: ' Desk ', jobTitle: '', location: 'x'.repeat(201), employmentType: 'a\u0000b' };
    expect(read(words)).toMatchObject({
      record: { attributes: { department: 'Desk', jobTitle: null, location: null, employmentType: null } },
    });
    expect(read({})).toEqual({ kind: 'record', record: { ...from, attributes: {} } });
    expect(read({ department: undefined, timeZone: undefined })).toEqual(read({}));
  });

  it('carries the zone of its dates, and an address that may have an account', () => {
    expect(read({ timeZone: 'Asia/Kolkata' })).toMatchObject({ record: { timeZone: 'Asia/Kolkata' } });
    expect(read({ email: ' Una@Verlag.Example' })).toMatchObject({ record: { email: 'una@verlag.example' } });
  });
});

describe('a last day', () => {
  it('before the first is of an earlier employment', () => {
    expect(endSince('2026-02-01', '2026-01-31')).toBeNull();
  });

  it.each([
    ['2026-02-01', '2026-02-01'],
    ['2026-02-01', '2026-12-31'],
    [null, '2026-01-31'],
    ['2026-02-01', null],
  ])('of an employment from %j on stays %j', (start, end) => {
    expect(endSince(start, end)).toBe(end);
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

describe('of several employments', () => {
  const last = { start: '2026-01-01', end: '2026-05-31' };
  const next = { start: '2026-09-01', end: null };

  it('one goes on to the end of its last day, there', () => {
    const at = (now: string, zone: string) => periodThatMatters([next, last], now, zone)?.start;
    expect(at('2026-05-31T18:29:59.999Z', 'Asia/Kolkata')).toBe('2026-01-01');
    expect(at('2026-05-31T18:30:00.000Z', 'Asia/Kolkata')).toBe('2026-09-01');
    expect(at('2026-06-01T09:59:59.999Z', 'Pacific/Honolulu')).toBe('2026-01-01');
    expect(at('2026-06-01T10:00:00.000Z', 'Pacific/Honolulu')).toBe('2026-09-01');
  });

  it('those that touch are one, through any number of them', () => {
    const chain = [last, { start: '2026-06-01', end: '2026-06-30' }, { start: '2026-06-15', end: '2026-06-20' }];
    expect(periodThatMatters(chain, '2026-03-01T00:00:00.000Z', 'UTC')).toEqual({
      start: '2026-01-01',
      end: '2026-06-30',
      formerEnd: null,
    });
  });

  it('the one to come says when the one before it ended, so that nobody keeps access in between', () => {
    const chosen = (now: string) => periodThatMatters([next, last], now, 'UTC');
    expect(chosen('2026-06-01T00:00:00.000Z')).toEqual({ ...next, formerEnd: '2026-05-31' });
    expect(chosen('2026-09-01T00:00:00.000Z')).toEqual({ ...next, formerEnd: null });
    expect(periodThatMatters([next], '2026-06-01T00:00:00.000Z', 'UTC')).toEqual({ ...next, formerEnd: null });
  });

  it('there is none where there are none', () => {
    expect(periodThatMatters([], '2026-03-01T00:00:00.000Z', 'UTC')).toBeUndefined();
  });
});
