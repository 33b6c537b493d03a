/** Rule 10: one stored record pauses all calls; one probe at a time re-opens them. */
import { describe, expect, it } from 'vitest';
import { lookAgainAt, mayCall, operatorPause, type Pause, pauseAfter, probing } from '../../shared/lifecycle/pause.ts';

const NOW = '2026-06-10T12:00:00.000Z';
const moment = { now: NOW, schedule: [10, 100, 1_000], random: 0 };
const PROBE = { probe: 'the-probe', leaseSeconds: 60 };
const throttled = (retryAfterSeconds?: number) => ({ reason: 'conscent-throttled' as const, retryAfterSeconds });

/** The pause after its probe was answered; without one, after the first refusal. */
function refuse(pause: Pause | null, retryAfterSeconds?: number): Pause {
  const probed = pause && probing(pause, NOW, PROBE);
  const next = pauseAfter(probed, { probe: PROBE.probe, refusal: throttled(retryAfterSeconds) }, moment);
  if (!next) throw new Error('a refusal ended the pause');
  return next;
}

/** The pause after a call was answered that had begun before it. */
const late = (pause: Pause, refusal: ReturnType<typeof throttled> | null) =>
  pauseAfter(pause, { probe: null, refusal }, moment);

describe('while nothing is paused', () => {
  it('everybody calls', () => expect(mayCall(null, NOW)).toBe('call'));
});

describe('a refused credential or a request to slow down', () => {
  it('pauses everybody, and says until when and why', () => {
    const pause = pauseAfter(null, { probe: null, refusal: { reason: 'conscent-unauthorized' } }, moment);
    expect(pause).toMatchObject({ reason: 'conscent-unauthorized', since: NOW, until: '2026-06-10T12:00:10.000Z' });
    expect(mayCall(pause, '2026-06-10T12:00:09.999Z')).toBe('wait');
  });

  it('pauses for as long as Retry-After asks', () => {
    expect(refuse(null, 90).until).toBe('2026-06-10T12:01:30.000Z');
  });

  it('pauses on the retry schedule where Retry-After asks for no time at all', () => {
    expect(refuse(null, 0).until).toBe('2026-06-10T12:00:10.000Z');
  });

  it('that goes on is probed less often, but at least every five minutes, and remembers since when', () => {
    let pause = refuse(null);
    const untils = [pause.until];
    for (let refusals = 0; refusals < 3; refusals += 1) {
      pause = refuse(pause);
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
    const probed = probing(pause, pause.until, PROBE);
    expect(mayCall(probed, '2026-06-10T12:00:30.000Z')).toBe('wait');
    expect(lookAgainAt(probed, '2026-06-10T12:00:30.000Z') <= probed.until).toBe(true);
    expect(lookAgainAt(probed, '2026-06-10T12:00:30.000Z') > '2026-06-10T12:00:30.000Z').toBe(true);
  });

  it('is probed again where a probe died', () => {
    const probed = probing(pause, pause.until, PROBE);
    expect(mayCall(probed, probed.until)).toBe('probe');
  });

  it('lets those who wait look again at its end', () => {
    expect(lookAgainAt(pause, NOW)).toBe(pause.until);
  });

  it('that is refused again is no longer probed', () => {
    expect(refuse(pause).probe).toBeNull();
  });

  it('ends with any other answer to its probe', () => {
    expect(pauseAfter(probing(pause, NOW, PROBE), { probe: PROBE.probe, refusal: null }, moment)).toBeNull();
  });
});

describe('an answer to a call from before the pause', () => {
  const pause = refuse(null, 600);

  it('never ends it, be it probed or not', () => {
    expect(late(pause, null)).toBe(pause);
    const probed = probing(pause, NOW, PROBE);
    expect(late(probed, null)).toBe(probed);
  });

  it('never shortens it, and is no failure of it', () => {
    expect(late(pause, throttled())).toBe(pause);
    expect(late(pause, throttled(30))).toBe(pause);
  });

  it('prolongs it where its own Retry-After is later', () => {
    expect(late(pause, throttled(1_200))).toEqual({ ...pause, until: '2026-06-10T12:20:00.000Z' });
  });

  it('starts no second probe', () => {
    const probed = probing(pause, pause.until, PROBE);
    expect(late(probed, throttled(1))).toBe(probed);
    expect(late(probed, throttled(3_000))).toBe(probed);
  });
});

describe('the pause of an operator', () => {
  const pause = operatorPause(null, NOW, 'night-desk');

  it('lets nobody call and nobody probe, however long it lasts', () => {
    expect(mayCall(pause, '2199-12-31T23:59:59.999Z')).toBe('wait');
  });

  it('is ended by no answer', () => {
    expect(late(pause, null)).toBe(pause);
    expect(late(pause, throttled(90))).toMatchObject({ ...pause, under: { until: '2026-06-10T12:01:30.000Z' } });
  });

  it('keeps what Conscent asked for, which goes on under it', () => {
    const over = operatorPause(probing(refuse(null, 600), NOW, PROBE), NOW, 'night-desk');
    expect(pauseAfter(over, { probe: PROBE.probe, refusal: null }, moment)).toMatchObject({
      by: 'night-desk',
      under: null,
    });
    const prolonged = pauseAfter(over, { probe: PROBE.probe, refusal: throttled(1_200) }, moment);
    expect(prolonged).toMatchObject({ by: 'night-desk', under: { until: '2026-06-10T12:20:00.000Z', probe: null } });
  });

  it('lets those who wait look again now and then', () => {
    expect(lookAgainAt(pause, NOW)).toBe('2026-06-10T12:05:00.000Z');
  });
});
