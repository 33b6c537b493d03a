/** Deliveries in the form of Standard Webhooks whose headers are made of good ones. */
import { expect } from 'vitest';
import type { Attack, Seen } from './attack.ts';
import { signed } from './sending.ts';

/** Where they go. */
export const PATH = '/webhooks/standard-webhooks';
/** What they say: a joiner whom nobody has hired. @param canary a name that must not be kept. */
export const joiner = (canary: string) =>
  JSON.stringify({
    type: 'onboard',
    person: { email: 'mallory@press.example', firstName: canary, department: 'Finance' },
  });

/** A delivery whose headers are made of good ones. */
export const forged =
  (forge: (good: Record<string, string>, body: string) => Record<string, string>): Attack['send'] =>
  (stage, canary) => {
    const body = joiner(canary);
    return stage.request('POST', PATH, { body, headers: forge(signed(body), body) });
  };

/** What is answered to all that are refused. */
export const REFUSED = { answered: '401 invalid-signature', stored: 'nothing' };

/** What comes of deliveries that were there before. */
export const SAME_JOB = {
  answered: '202',
  stored: 'nothing',
  besides: {
    that: 'each answer names the first job, as a duplicate',
    holds: ({ answers }: Seen) => {
      for (const { text } of answers) expect(text).toContain('"duplicate":true');
    },
  },
};
