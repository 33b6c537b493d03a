/** The steps there are: what a plan may ask for. */
import type { JobErrorCode } from './errors.ts';
import type { Access } from './permission.ts';

/** One step. `stuck` needs a person: the difference is there, but no call can close it. */
export type Step =
  | { kind: 'nothing' }
  | { kind: 'create'; email: string; access: Access }
  | { kind: 'update'; access: Access }
  | { kind: 'rename'; email: string }
  | { kind: 'revoke' }
  | { kind: 'stuck'; code: JobErrorCode };

/** A step that is one call: what a plan asks for, or a password that an operator asked for. */
export type CallStep = Exclude<Step, { kind: 'nothing' | 'stuck' }> | { kind: 'password'; password: string };

/** Tells steps apart by content: a new step starts the retry schedule afresh. */
export function stepKey(step: Step | CallStep): string {
  switch (step.kind) {
    case 'create':
      return `create ${step.access.role} ${step.access.permissions.join()} ${step.email}`;
    case 'update':
      return `update ${step.access.role} ${step.access.permissions.join()}`;
    case 'rename':
      return `rename ${step.email}`;
    case 'stuck':
      return `stuck ${step.code}`;
    default:
      return step.kind;
  }
}
