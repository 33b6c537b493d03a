/** Rule 10: one stored record pauses all calls; one probe at a time re-opens them. */
import { describe, expect, it } from 'vitest';
import { extendPause, lookAgainAt, mayCall, type Pause, probing } from '../../shared/lifecycle/pause.ts';

const NOW = '2026-06-10T12:00:00.000Z';
const moment = { now: NOW, schedule: [10, 100, 1_000], random: 0 };
const refuse = (pause: Pause | null, retryAfterSeconds?: number) =>
  extendPause(pause, { reason: 'conscent-throttled', retryAfterSeconds }, moment);

describe('while nothing is paused', () => {
  it('everybody calls', () => expect(mayCall(null, NOW)).toBe('call'));
});

describe('a refused credential or a request to slow down', () => {
  it('pauses everybody, and says until when and why', () => {
    const pause = extendPause(null, { reason: 'conscent-unauthorized' }, moment);
    expect(pause).toMatchObject({ reason: 'conscent-unauthorized', since: NOW, until: '2026-06-10T12:00:10.000Z' });
    expect(mayCall(pause, '2026-06-10T12:00:09.999Z')).toBe('wait');
  });

  it('pauses for as long as Retry-After asks', () => {
    expect(refuse(null, 90).until).toBe('2026-06-10T12:01:30.000Z');
  });

  it('that goes on is probed less often, but at least every five minutes, and remembers since when', () => {
    let pause = refuse(null);
    const untils = [pause.until];
    for (let refusals = 0; refusals < 3; refusals += 1) {
      pause = extendPause(pause, { reason: 'conscent-throttled' }, { ...moment, now: NOW });
      untils.push(pause.until);
    }
    expect(untils).toEqual([
      '2026-06-10T12:00:10.000Z',
      '2026-06-10T12:01:40.000Z',
      '2026-06-10T12:05:00.000Z',
      '2026-06-10T12:05:00.000Z',
    ]);
    expect(pause.since).toBe(NOW);
  });
});

describe('a pause whose time has come', () => {
  const pause = refuse(null);
  it('is probed by one caller, while the others wait', () => {
    expect(mayCall(pause, pause.until)).toBe('probe');
    const probed = probing(pause, pause.until, 60);
    expect(mayCall(probed, '2026-06-10T12:00:30.000Z')).toBe('wait');
    expect(lookAgainAt(probed, '2026-06-10T12:00:30.000Z') <= probed.until).toBe(true);
    expect(lookAgainAt(probed, '2026-06-10T12:00:30.000Z') > '2026-06-10T12:00:30.000Z').toBe(true);
  });

  it('is probed again where a probe died', () => {
    const probed = probing(pause, pause.until, 60);
    expect(mayCall(probed, probed.until)).toBe('probe');
  });

  it('lets those who wait look again at its end', () => {
    expect(lookAgainAt(pause, NOW)).toBe(pause.until);
  });

  it('that is refused again is no longer probed', () => {
    expect(refuse(probing(pause, pause.until, 60)).isProbed).toBe(false);
  });
});
