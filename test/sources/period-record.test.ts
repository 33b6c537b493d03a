import { describe, expect, it } from 'vitest';
import { dateOrNull, periodThatMatters, workEmail } from '../../shared/sources/period-record.ts';

describe('a date', () => {
  it.each([
    ['2026-06-30', '2026-06-30'],
    ['2026-06-30T00:00:00.000Z', '2026-06-30'],
    ['2026-06-30T23:59:59+05:30', '2026-06-30'],
    ['2026-06-30 00:00:00', '2026-06-30'],
  ])('%s is the day that is written', (value, date) => {
    expect(dateOrNull(value)).toBe(date);
  });

  it.each([null, undefined, '', '0000-00-00', '0001-01-01', '9999-12-31', '2026-02-29', '2026-06-301', '30.06.2026'])(
    '%s is none',
    (value) => {
      expect(dateOrNull(value)).toBeNull();
    },
  );
});

describe('a work address', () => {
  const within = { allowedDomains: ['kontor.example'] };

  it('is trimmed and in lower case', () => {
    expect(workEmail(' Tove@Kontor.example ', within)).toBe('tove@kontor.example');
  });

  it.each([
    null,
    undefined,
    7,
    '',
    'tove',
    'tove@kontor.example, x@kontor.example',
    'tove@sub.kontor.example',
    '\u212Ai@kontor.example',
  ])('is none where it reads %j', (value) => {
    expect(workEmail(value, within)).toBeNull();
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
    });
  });

  it('there is none where there are none', () => {
    expect(periodThatMatters([], '2026-03-01T00:00:00.000Z', 'UTC')).toBeUndefined();
  });
});
