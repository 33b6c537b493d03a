/** The file through which `POST /_sandbox/clock` moves the handlers' clock (`clock.ts`). */
import { renameSync, writeFileSync } from 'node:fs';
import { clockOffsetMs } from './clock.ts';

/** Moves the clock forward. The file is replaced whole, so that no reader meets half a number. */
export function advanceClock(file: string, seconds: number): void {
  writeFileSync(`${file}.next`, String(clockOffsetMs(file) + Math.round(seconds * 1000)));
  renameSync(`${file}.next`, file);
}
