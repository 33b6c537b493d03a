/** What passes through the sandbox: how much at once, and how long it is kept waiting. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** The requests that are in flight. */
export interface Traffic {
  /** Counts a request in until it is answered or given up, and keeps it waiting. */
  pass(response: ServerResponse): Promise<void>;
  /** How many were in flight at once, at most. */
  most(): number;
  forget(): void;
}

/** @param delayMs before every answer. */
export function createTraffic(delayMs = 0): Traffic {
  let now = 0;
  let most = 0;
  return {
    async pass(response) {
      now += 1;
      most = Math.max(most, now);
      response.once('close', () => {
        now -= 1;
      });
      if (delayMs > 0) await delay(delayMs);
    },
    most: () => most,
    forget: () => {
      most = now;
    },
  };
}
