/** A Conscent in memory whose calls go as the weather is. It remembers whose account is whose, which Conscent does not. */

import type { ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';
import type { Access } from '../../shared/lifecycle/permission.ts';
import type { Step } from '../../shared/lifecycle/step.ts';

/** What befalls a call. `lost`: the worker died before it could write the answer down. */
export type Weather =
  | 'fine'
  | 'silent'
  | 'silent-but-done'
  | 'lost'
  | 'lost-but-done'
  | 'unavailable'
  | 'throttled'
  | 'unauthorized'
  | 'no-id';

export interface User {
  userId: string;
  who: number;
  email: string;
  access: Access | 'none';
}

export type CallStep = Exclude<Step, { kind: 'nothing' | 'stuck' }>;

const KNOWN_NOT_TO_HAVE_WORKED: Partial<Record<Weather, ConscentAnswer>> = {
  unavailable: { kind: 'unavailable' },
  throttled: { kind: 'throttled', retryAfterSeconds: 20 },
  unauthorized: { kind: 'unauthorized', status: 401 },
};

/** What happens once each call has used up its weather is fine. */
export function weatheredConscent(weather: readonly Weather[], refusesDuplicates: boolean) {
  const skies = [...weather];
  const users: User[] = [];
  const violations: string[] = [];

  function create(who: number, email: string, access: Access): ConscentAnswer {
    if (refusesDuplicates && users.some((user) => user.email === email)) return { kind: 'already-exists' };
    if (users.some((user) => user.who === who)) violations.push(`a second account for person-${who}, ${email}`);
    const userId = `user-${users.length}`;
    users.push({ userId, who, email, access });
    return { kind: 'created', userId };
  }

  function effect(who: number, step: CallStep, userId: string | null): ConscentAnswer {
    if (step.kind === 'create') return create(who, step.email, step.access);
    const user = users.find((one) => one.userId === userId);
    if (!user) return { kind: 'not-found' };
    if (step.kind === 'rename') user.email = step.email;
    else user.access = step.kind === 'revoke' ? 'none' : step.access;
    return { kind: 'updated' };
  }

  function answer(who: number, step: CallStep, userId: string | null): ConscentAnswer | 'lost' {
    const sky = skies.shift() ?? 'fine';
    const refusal = KNOWN_NOT_TO_HAVE_WORKED[sky];
    if (refusal) return refusal;
    if (sky === 'lost') return 'lost';
    if (sky === 'silent') return { kind: 'silence', reason: 'timeout' };
    const truth = effect(who, step, userId);
    if (sky === 'lost-but-done') return 'lost';
    if (sky === 'silent-but-done') return { kind: 'silence', reason: 'timeout' };
    return sky === 'no-id' && truth.kind === 'created' ? { kind: 'created' } : truth;
  }

  return { users, violations, answer };
}
