/**
 * The names of all that is counted, timed and alarmed. They stand here once: the compiler holds the code to them, and a test the alarms and
 * the dashboard (infra/alarms.yml, infra/dashboard.yml).
 */

import type { ConscentAnswer } from './conscent-answer.ts';
import { JOB_ERRORS, type JobErrorCode } from './errors.ts';
import { JOB_STATUSES, OUTCOMES } from './job.ts';
import type { Lookup } from './lookup.ts';
import type { ReplyAnswer } from './reply.ts';

/** What an operator is alarmed of besides what a job may say. */
const OTHER_ALARMS = [
  'needs-attention',
  'leaver-not-revoked',
  'unlinked-leaver',
  'reply-undelivered',
  'lookup-failing',
  'reconcile-failed',
  'user-id-repeated',
  'source-misconfigured',
  'source-silent',
  // What a caller was told that is our fault.
  'internal',
  'unavailable',
] as const;

const ACCEPTED = ['new', 'duplicate'] as const;
const CAME_TO = [...OUTCOMES, ...JOB_STATUSES] as const;
const CONSCENT_ANSWERS = [
  'created',
  'updated',
  'rejected',
  'unauthorized',
  'not-found',
  'already-exists',
  'throttled',
  'unavailable',
  'silence',
  'unknown-answer',
] as const satisfies readonly ConscentAnswer['kind'][];
// `none`: no answer came, or not even its status.
const CONSCENT_STATUSES = [
  '200',
  '201',
  '400',
  '401',
  '403',
  '404',
  '409',
  '422',
  '429',
  '500',
  '502',
  '503',
  '504',
  'other',
  'none',
] as const;
type Because = Extract<Lookup, { kind: 'nothing' }>['because'];
const LOOKUPS = [
  'record',
  'event',
  'nothing',
  'not-approved',
  'other-request',
  'not-active',
  'unreadable',
  'review',
  'not-found',
  'failed',
] as const satisfies readonly (Lookup['kind'] | Because)[];
const REPLIES = ['told', 'refused', 'failed'] as const satisfies readonly ReplyAnswer['kind'][];

const OTHER_COUNTS = [
  'wakes.due',
  'wake.not-put-off',
  'jobs.needs-attention',
  'leavers.late',
  'people.held',
  'person.stuck',
  'pause.operator',
  'pause.conscent',
  'sources.silent',
  'source.unnoted',
  'rollout.woken',
  'queue.unavailable',
  'pause.unwritten',
  'user-id.unreserved',
] as const;

/** Seconds: how long the longest overdue wake has been due; from what was accepted, or its date where that came later, to the change. */
const DURATIONS = ['wakes.overdue', 'accepted.changed'] as const;

/** What is timed. */
export type Duration = (typeof DURATIONS)[number];

/** What is alarmed, by code. */
export type AlarmCode = JobErrorCode | (typeof OTHER_ALARMS)[number];

/** The HTTP status of an answer, as it is counted. */
export type ConscentStatus = (typeof CONSCENT_STATUSES)[number];

/** How a status is counted. */
export function conscentStatus(status: number | null): ConscentStatus {
  if (status === null) return 'none';
  return CONSCENT_STATUSES.find((known) => known === String(status)) ?? 'other';
}

/** What is counted. Where it says how many there are now, and not how often it happened, its greatest value is what counts. */
export type Count =
  | (typeof OTHER_COUNTS)[number]
  | `accept.${(typeof ACCEPTED)[number]}`
  | `outcome.${(typeof CAME_TO)[number]}`
  | `conscent.${(typeof CONSCENT_ANSWERS)[number]}`
  | `conscent.status.${ConscentStatus}`
  | `lookup.${(typeof LOOKUPS)[number]}`
  | `reply.${(typeof REPLIES)[number]}`
  | `alarm.${AlarmCode}`;

const under = (prefix: string, names: readonly string[]) => names.map((name) => `${prefix}.${name}`);

/** Every name that the code can emit. */
export function metricNames(): string[] {
  return [
    ...DURATIONS,
    ...OTHER_COUNTS,
    ...under('accept', ACCEPTED),
    ...under('outcome', CAME_TO),
    ...under('conscent', CONSCENT_ANSWERS),
    ...under('conscent.status', CONSCENT_STATUSES),
    ...under('lookup', LOOKUPS),
    ...under('reply', REPLIES),
    ...under('alarm', [...Object.keys(JOB_ERRORS), ...OTHER_ALARMS]),
  ];
}
