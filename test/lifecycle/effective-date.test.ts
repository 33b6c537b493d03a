/** Rule 2. The instants are worked out from the published rules of each zone, not by the code under test. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  effectiveInstant,
  isDate,
  isInstant,
  isTimeZone,
  occurredInstant,
  plusMs,
  plusSeconds,
  toInstant,
} from '../../shared/lifecycle/effective-date.ts';
import { dayAfter, dayBegins } from './oracle-dates.ts';

describe('a date', () => {
  it.each([
    // zone, day, its first instant, the first instant after it
    ['UTC', '2026-12-31', '2026-12-31T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['UTC', '1900-01-01', '1900-01-01T00:00:00.000Z', '1900-01-02T00:00:00.000Z'],
    ['UTC', '2200-12-31', '2200-12-31T00:00:00.000Z', '2201-01-01T00:00:00.000Z'],
    ['UTC', '2024-02-29', '2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
    ['Asia/Kolkata', '2026-12-31', '2026-12-30T18:30:00.000Z', '2026-12-31T18:30:00.000Z'],
    ['Asia/Kathmandu', '2026-06-01', '2026-05-31T18:15:00.000Z', '2026-06-01T18:15:00.000Z'],
    ['Pacific/Chatham', '2026-06-10', '2026-06-09T11:15:00.000Z', '2026-06-10T11:15:00.000Z'],
    // Brazil sprang from 00:00 to 01:00 and fell from 24:00 back to 23:00.
    ['America/Sao_Paulo', '2018-11-03', '2018-11-03T03:00:00.000Z', '2018-11-04T03:00:00.000Z'],
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'],
    ['America/Sao_Paulo', '2018-02-17', '2018-02-17T02:00:00.000Z', '2018-02-18T03:00:00.000Z'],
    // Berlin: a day of 23 hours and one of 25.
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    // Egypt springs on a Friday at 00:00 and falls on a Thursday at 24:00.
    ['Africa/Cairo', '2023-04-28', '2023-04-27T22:00:00.000Z', '2023-04-28T21:00:00.000Z'],
    ['Africa/Cairo', '2023-10-26', '2023-10-25T21:00:00.000Z', '2023-10-26T22:00:00.000Z'],
    // Havana has its midnight twice on the day it falls: the first one counts.
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['America/Havana', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    // Samoa crossed the date line and had no 30 December.
    ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00.000Z', '2011-12-30T10:00:00.000Z'],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', '2011-12-30T10:00:00.000Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z', '2011-12-31T10:00:00.000Z'],
  ])('in %s, %s, begins for a joiner at %s and ends for a leaver at %s', (zone, day, start, end) => {
    expect(effectiveInstant(day, zone, 'start')).toBe(start);
    expect(effectiveInstant(day, zone, 'end')).toBe(end);
  });

  it('begins and ends as on a clock on the wall, in any zone', () => {
    const zones = fc.constantFrom(
      'Asia/Kolkata',
      'America/Sao_Paulo',
      'Africa/Cairo',
      'Pacific/Auckland',
      'America/Havana',
      'Asia/Tehran',
    );
    const days = fc
      .date({ min: new Date('2005-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
      .map((at) => at.toISOString().slice(0, 10));
    fc.assert(
      fc.property(days, zones, (day, zone) => {
        expect(Date.parse(effectiveInstant(day, zone, 'start'))).toBe(dayBegins(day, zone));
        expect(Date.parse(effectiveInstant(day, zone, 'end'))).toBe(dayBegins(dayAfter(day), zone));
      }),
      { numRuns: 60 },
    );
  });

  it('is a day of the calendar in the years 1900 to 2200, written in full', () => {
    for (const day of ['1900-01-01', '2000-02-29', '2026-11-24', '2200-12-31']) expect(isDate(day)).toBe(true);
    const none = [
      '0000-00-00',
      '1899-12-31',
      '2201-01-01',
      '9999-12-31',
      '2023-02-29',
      '2100-02-29',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
    ];
    const notWritten = [
      '2026-1-1',
      '20260101',
      ' 2026-01-01',
      '2026-01-01 ',
      '2026-01-01T00:00:00Z',
      '-002026-01-01',
      '+002026-01-01',
      '',
    ];
    for (const text of [...none, ...notWritten]) expect(isDate(text), text).toBe(false);
  });
});

describe('an instant', () => {
  it('has an offset and is of the years 1900 to 2200', () => {
    for (const text of ['2026-12-31T18:00:00+05:30', '2026-11-23T09:30:00Z', '2026-11-23T09:30:00.123456Z'])
      expect(isInstant(text)).toBe(true);
    const none = [
      '2026-12-31T18:00:00',
      '2026-12-31',
      '2026-02-30T10:00:00Z',
      '2026-12-31T25:00:00Z',
      '0000-00-00T00:00:00Z',
      '2300-01-01T00:00:00Z',
    ];
    for (const text of [...none, '2026-12-31 18:00:00Z', 'Thu, 31 Dec 2026 18:00:00 GMT', '1893456000', ''])
      expect(isInstant(text), text).toBe(false);
  });

  it('is the same whatever its offset, the time zone and the edge', () => {
    for (const edge of ['start', 'end'] as const) {
      expect(effectiveInstant('2026-12-31T18:00:00+05:30', 'America/Sao_Paulo', edge)).toBe('2026-12-31T12:30:00.000Z');
    }
  });

  it('is written in one width, so that instants compare as text', () => {
    expect(toInstant('2026-01-02T03:04:05.6789+01:00')).toBe('2026-01-02T02:04:05.678Z');
    expect(toInstant(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(plusMs('2026-01-01T00:00:00.000Z', -1)).toBe('2025-12-31T23:59:59.999Z');
    expect(plusSeconds('2026-01-01T00:00:00.000Z', 90.5)).toBe('2026-01-01T00:01:30.500Z');
  });
});

describe('a time zone', () => {
  it('is one of the database, never a bare offset', () => {
    for (const zone of ['Asia/Kolkata', 'UTC', 'America/Argentina/Buenos_Aires']) expect(isTimeZone(zone)).toBe(true);
    for (const zone of ['+05:30', '-03', 'Asia/Atlantis', 'IST+5', '', ' UTC'])
      expect(isTimeZone(zone), zone).toBe(false);
  });

  it('that is accepted can be read, whatever the platform lists', () => {
    const names = [
      ...Intl.supportedValuesOf('timeZone'),
      'IST',
      'PST',
      'JST',
      'CST',
      'ACT',
      'AET',
      'EST',
      'GMT',
      'utc',
    ];
    for (const zone of names.filter(isTimeZone))
      expect(() => effectiveInstant('2026-12-31', zone, 'end'), zone).not.toThrow();
    expect(names.filter((zone) => !isTimeZone(zone))).toEqual(['IST', 'PST', 'JST', 'CST', 'ACT', 'AET']);
  });
});

describe('when an event occurred', () => {
  const received = '2026-05-04T12:00:00.000Z';

  it.each([
    ['2026-05-04T10:00:00Z', true, '2026-05-04T10:00:00.999Z'],
    ['2026-05-04T10:00:00Z', false, '2026-05-04T10:00:00.000Z'],
    ['2026-05-04T15:30:00+05:30', true, '2026-05-04T10:00:00.999Z'],
    ['2026-05-04T10:00:00.250Z', true, '2026-05-04T10:00:00.250Z'],
    ['2026-05-04T10:00:00.0Z', true, '2026-05-04T10:00:00.000Z'],
    ['2026-05-04T10:00:00.250Z', false, '2026-05-04T10:00:00.250Z'],
  ])('%s (an end: %s) counts as %s', (text, isEnd, at) => {
    expect(occurredInstant(text, isEnd, received)).toBe(at);
  });

  it('is when it was received where nothing is said or where it lies after our clock', () => {
    expect(occurredInstant(undefined, true, received)).toBe(received);
    expect(occurredInstant('2026-05-04T12:00:00.001Z', false, received)).toBe(received);
    expect(occurredInstant('2199-01-01T00:00:00Z', true, received)).toBe(received);
  });

  it('is never after it was received', () => {
    const near = fc.integer({ min: -3000, max: 3000 }).map((ms) => plusMs(received, ms));
    fc.assert(
      fc.property(near, fc.boolean(), fc.boolean(), (at, isEnd, isWhole) => {
        expect(occurredInstant(isWhole ? `${at.slice(0, 19)}Z` : at, isEnd, received) <= received).toBe(true);
      }),
    );
  });
});
