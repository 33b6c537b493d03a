/** A person as they are shown. */
import * as z from 'zod/mini';
import { PERMISSIONS } from '../../lifecycle/permission.ts';
import {
  flag,
  instant,
  jobErrorAnswer,
  jobId,
  permissionFlagsAnswer,
  policyHash,
  role,
  status,
  text,
} from './members.ts';

const bounds = {
  start: z.nullable(instant('Its first instant; null where only an end was ever stated.')),
  end: z.nullable(instant('The first instant after it; null where none is known.')),
};
const grant = {
  source: text('Who asked for it.'),
  key: text(
    'A newer grant with the same key replaces this one: the event’s reference, else the profile, else "direct".',
  ),
  until: z.nullable(instant('When it ends; null: with the employment.')),
};

/** A grant, by profile or spelled out. */
export const grantAnswer = z.union([
  z.strictObject({ ...grant, profile: z.string() }),
  z.strictObject({ ...grant, role: z.optional(z.string()), permissions: z.optional(z.array(z.enum(PERMISSIONS))) }),
]);

/** The Conscent account as far as Conscent has acknowledged it. */
export const accountAnswer = z.strictObject({
  state: z
    .enum(['linked', 'unlinked', 'unsure'])
    .check(
      z.describe('unlinked: it exists, or may, but its userId is not known. unsure: a call was not answered yet.'),
    ),
  userId: z.nullable(z.string()),
  email: z.nullable(z.string()).check(z.describe('null where a rename was never answered.')),
  role,
  permissions: z.nullable(permissionFlagsAnswer).check(z.describe('null where nothing was ever acknowledged.')),
  unansweredCall: z.nullable(z.enum(['create', 'update', 'rename', 'password', 'revoke'])),
  revokedAt: z.nullable(instant('When Conscent first acknowledged that all access is gone.')),
});

/** A person at this moment. */
export const personAnswer = z.strictObject({
  email: z.nullable(z.string()).check(z.describe('The address now.')),
  addresses: z.array(z.string()).check(z.describe('Every address they were ever named by.')),
  externalIds: z.array(z.strictObject({ source: z.string(), externalId: z.string() })),
  employment: z.strictObject({
    state: z.enum(['unknown', 'future', 'employed', 'ended']),
    ...bounds,
    periods: z.array(z.strictObject(bounds)),
  }),
  attributes: z
    .record(z.string(), z.string())
    .check(z.describe('What the access policy is asked with; own ones as `attributes.<name>`.')),
  grants: z.array(grantAnswer).check(z.describe('Those that count now and those that will.')),
  account: z.nullable(accountAnswer),
  desiredAccess: z.strictObject({
    access: z
      .enum(['granted', 'none', 'unknown'])
      .check(z.describe('unknown: no employment was ever stated, so nothing is sent to Conscent.')),
    role,
    permissions: permissionFlagsAnswer,
  }),
  losesAccess: flag('They should hold nothing, and Conscent has not said yet that they do.'),
  waitsFor: z
    .nullable(z.extend(jobErrorAnswer, { nextAttemptAt: z.nullable(instant('null: when a person acts.')) }))
    .check(z.describe('Why the difference is not closed yet.')),
  nextWake: z.nullable(instant('When they are looked at again at the latest.')),
  openJobs: z.array(z.strictObject({ jobId, status })),
  history: z
    .array(z.strictObject({ at: instant('When.'), what: z.string(), by: z.optional(text('The token’s name.')) }))
    .check(z.describe('What happened to the account, oldest first.')),
  policyHash,
});

/** A person at this moment. */
export type PersonAnswer = z.output<typeof personAnswer>;

/** A grant that counts, or will. */
export type GrantAnswer = z.output<typeof grantAnswer>;
