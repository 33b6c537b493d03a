/**
 * The clock of the local handlers: real time, moved by `POST /_sandbox/clock`. The local build puts this file in the place of
 * `shared/platform/clock.ts`, so the handlers are otherwise the ones that deploy.
 */
import { readFileSync } from 'node:fs';
import type { Clock } from '../../shared/lifecycle/ports.ts';

/** Reads how far the clock was moved at every call, for it may move in the middle of a run. */
export const systemClock: Clock = {
  now: () => new Date(Date.now() + clockOffsetMs(process.env['LOCAL_CLOCK_FILE'])).toISOString(),
};

/** How far the clock of this file was moved; 0 while nobody has moved it. */
export function clockOffsetMs(file: string | undefined): number {
  if (!file) return 0;
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0;
  }
}
