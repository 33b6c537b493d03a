/** Conscent at the port, stateful: it refuses what the real one would, and answers as it is told. For the wire there is the sandbox. */

import type { AccountChange, ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';
import type { Access, Permission } from '../../shared/lifecycle/permission.ts';
import type { ConscentUsers } from '../../shared/lifecycle/ports.ts';

/** What Conscent holds of one user. */
export interface FakeUser {
  userId: string;
  email: string;
  role: string;
  permissions: Permission[];
  passwords: number;
}

/** How the next call goes: whether it takes effect, and what is answered instead of the truth. */
export interface Fault {
  takesEffect: boolean;
  answer: ConscentAnswer;
}

export interface FakeConscent extends ConscentUsers {
  users: FakeUser[];
  calls: { kind: 'create' | AccountChange['kind']; userId: string | null }[];
  /** Faults for the next calls, in order. */
  faults: (Fault | null)[];
}

export function fakeConscent(): FakeConscent {
  const fake: FakeConscent = {
    users: [],
    calls: [],
    faults: [],
    create: async (email, access) => {
      fake.calls.push({ kind: 'create', userId: null });
      return withFault(fake, () => create(fake, email, access));
    },
    update: async (userId, change) => {
      fake.calls.push({ kind: change.kind, userId });
      return withFault(fake, () => update(fake, userId, change));
    },
  };
  return fake;
}

function withFault(fake: FakeConscent, effect: () => ConscentAnswer): ConscentAnswer {
  const fault = fake.faults.shift();
  if (!fault) return effect();
  if (fault.takesEffect) effect();
  return fault.answer;
}

function create(fake: FakeConscent, email: string, { role, permissions }: Access): ConscentAnswer {
  if (fake.users.some((user) => user.email === email)) return { kind: 'already-exists' };
  const userId = `user-${fake.users.length + 1}`;
  fake.users.push({ userId, email, role, permissions: [...permissions], passwords: 1 });
  return { kind: 'created', userId };
}

function update(fake: FakeConscent, userId: string, change: AccountChange): ConscentAnswer {
  const user = fake.users.find((one) => one.userId === userId);
  if (!user) return { kind: 'not-found' };
  if (change.kind === 'update')
    Object.assign(user, { role: change.access.role, permissions: [...change.access.permissions] });
  if (change.kind === 'rename') {
    if (fake.users.some((other) => other !== user && other.email === change.email)) return { kind: 'already-exists' };
    user.email = change.email;
  }
  if (change.kind === 'revoke') Object.assign(user, { permissions: [], passwords: user.passwords + 1 });
  return { kind: 'updated' };
}
