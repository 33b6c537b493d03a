/** The real clock. The local stack replaces this file by one that can be moved. */
import type { Clock } from '../lifecycle/ports.ts';

/** UTC, milliseconds. */
export const systemClock: Clock = { now: () => new Date().toISOString() };
