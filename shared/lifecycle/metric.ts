/**
 * The names of all that is counted, timed and alarmed. They stand here once: the compiler holds the code to them, and a test the alarms and
 * the dashboard (infra/alarms.yml, infra/dashboard.yml).
 */
import { JOB_ERRORS, type JobErrorCode } from './errors.ts';
import { JOB_STATUSES, OUTCOMES } from './job.ts';

/** What an operator is alarmed of besides what a job may say. */
const OTHER_ALARMS = [
  'needs-attention',
  'leaver-not-revoked',
  'unlinked-leaver',
  'reply-undelivered',
  'lookup-failing',
  'reconcile-failed',
  'user-id-repeated',
  'secret-unreadable',
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
] as const;
const LOOKUPS = ['record', 'event', 'nothing', 'unreadable', 'review', 'not-found', 'failed'] as const;
const REPLIES = ['told', 'refused', 'failed', 'echo'] as const;

const OTHER_COUNTS = [
  'wakes.due',
  'people.held',
  'rollout.woken',
  'queue.unavailable',
  'pause.unwritten',
  'user-id.unreserved',
] as const;

/** What is alarmed, by code. */
export type AlarmCode = JobErrorCode | (typeof OTHER_ALARMS)[number];

/** What is counted. Where it says how many there are now, and not how often it happened, its greatest value is what counts. */
export type Count =
  | (typeof OTHER_COUNTS)[number]
  | `accept.${(typeof ACCEPTED)[number]}`
  | `outcome.${(typeof CAME_TO)[number]}`
  | `conscent.${(typeof CONSCENT_ANSWERS)[number]}`
  | `lookup.${(typeof LOOKUPS)[number]}`
  | `reply.${(typeof REPLIES)[number]}`
  | `alarm.${AlarmCode}`;

const under = (prefix: string, names: readonly string[]) => names.map((name) => `${prefix}.${name}`);

/** Every name that the code can emit. */
export function metricNames(): string[] {
  return [
    ...OTHER_COUNTS,
    ...under('accept', ACCEPTED),
    ...under('outcome', CAME_TO),
    ...under('conscent', CONSCENT_ANSWERS),
    ...under('lookup', LOOKUPS),
    ...under('reply', REPLIES),
    ...under('alarm', [...Object.keys(JOB_ERRORS), ...OTHER_ALARMS]),
  ];
}
