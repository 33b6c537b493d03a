/** Somebody to be attacked, and what is said of them. */
import { expect } from 'vitest';
import type { Seen } from './attack.ts';
import { from, signed } from './sending.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

const WAIT = { prefer: 'wait=25' };

/** What an operator says, worked on before it is answered. */
export const say = (stage: Stage, type: string, person: object, more: object = {}) =>
  stage.request('POST', '/events', {
    body: JSON.stringify({ type, person, ...more }),
    headers: { ...from('operator'), ...WAIT },
  });

/** What an HR system says. */
export const hr = (stage: Stage, type: string, person: object, more: object = {}) => {
  const body = JSON.stringify({ type, person, ...more });
  return stage.request('POST', '/webhooks/standard-webhooks', { body, headers: signed(body) });
};

export const FINANCE = { department: 'Finance' };
export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** Waits until an account holds something, or nothing. */
export async function holding(stage: Stage, email: string, holds: boolean): Promise<void> {
  await until(async () => {
    const user = (await stage.users()).find((one) => one.email === email);
    return Object.values(user?.permissions ?? {}).some(Boolean);
  }, holds);
}

/** Somebody whom HR has hired, and then, unless told otherwise, seen leave. */
export const victim =
  (email: string, externalId: string, hasLeft = true) =>
  async (stage: Stage) => {
    await hr(stage, 'onboard', { email, externalId, ...FINANCE }, { occurredAt: daysAgo(1) });
    await holding(stage, email, true);
    if (hasLeft) await hr(stage, 'offboard', { email });
    if (hasLeft) await holding(stage, email, false);
  };

export const stays = (email: string, holds: boolean) => ({
  that: holds ? 'the victim’s account is as it was' : 'the leaver holds nothing',
  holds: async ({ stage }: Seen) => {
    await holding(stage, email, holds);
    expect((await stage.users()).some((one) => /mallory/.test(one.email))).toBe(false);
  },
});
