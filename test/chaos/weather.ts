/** What goes wrong with clocks and keys while a run runs. */
import type { Chance } from './chance.ts';
import type { Machine } from './machine.ts';
import { HOUR, MINUTE } from './stories.ts';

/** How far the workers' clocks are wrong, when they are. */
export const SKEW_MS = 90_000;

/** `claimSeconds` of wiring.ts, and what of it a worker must have left before it may call. */
export const CLAIM_MS = 75_000;
export const CALL_MS = 25_000;

/**
 * The workers' clocks leap ahead by at least so much and by 90 seconds at most, and are right again soon after: not before a call that hangs
 * has timed out.
 */
export function leapAhead(
  { time, agenda, chance }: Pick<Machine, 'time' | 'agenda' | 'chance'>,
  leastMs: number,
): void {
  const ahead = time.ahead() + chance.whole(leastMs, SKEW_MS);
  time.skew(ahead);
  agenda.add(time.now() + chance.whole(30_000, 2 * MINUTE), () => {
    if (time.ahead() === ahead) time.skew(0);
  });
}

/** Puts trouble with clocks and keys on the agenda, between two instants. */
export function makeWeather(machine: Machine, from: number, to: number): void {
  const chance = machine.chance.fork('weather');
  const often = Math.max(2, Math.floor((to - from) / HOUR));
  const { tally, agenda } = machine;
  const each = (kind: string, work: () => void) => {
    tally.expect(kind);
    for (let count = 0; count < often; count += 1) {
      agenda.add(chance.whole(from, to), () => {
        tally.add(kind);
        work();
      });
    }
  };
  each('clock leaps, as of a frozen process', () => leap(machine, chance.whole(20_000, 4 * MINUTE)));
  each('clock ahead', () => skew(machine, SKEW_MS, chance));
  each('clock behind', () => skew(machine, -SKEW_MS, chance));
  each('key rotated', () => rotate(machine, chance));
  tally.expect('conscent 401');
}

/** When somebody is in the middle of something, and not before. */
function leap(machine: Machine, ms: number): void {
  const { time, agenda, gate } = machine;
  if (gate.held.length > 0) time.moveTo(time.now() + ms);
  else agenda.add(time.now() + 500, () => leap(machine, ms));
}

function skew({ time, agenda }: Machine, ms: number, chance: Chance): void {
  time.skew(ms);
  agenda.add(time.now() + chance.whole(20_000, 5 * MINUTE), () => time.skew(0));
}

/** Conscent knows the new key at once, our secret some minutes later, and not before anybody was refused. */
function rotate(machine: Machine, chance: Chance): void {
  const { credentials, secret, agenda, time, tally } = machine;
  credentials.apiSecret = `secret-${chance.whole(0, 1e9)}`;
  const follow = () => {
    if (tally.counts.get('conscent 401') === 0) agenda.add(time.now() + MINUTE, follow);
    else Object.assign(secret, credentials);
  };
  agenda.add(time.now() + chance.whole(0, 4 * MINUTE), follow);
}
