/**
 * What the domain needs from the world. The adapters live in `conscent/`, `stores/` and `platform/`; only `wiring.ts` joins the two.
 */

import type { AccessPolicy } from './access-policy.ts';
import type { AccountChange, ConscentAnswer } from './conscent-answer.ts';
import type { Instant } from './effective-date.ts';
import type { EventType } from './event.ts';
import type { Guard, GuardSettings } from './guard.ts';
import type { IdentityKey } from './identity.ts';
import type { Job, JobStatus, Wake } from './job.ts';
import type { Lookup } from './lookup.ts';
import type { AlarmCode, Count, Duration } from './metric.ts';
import type { Pause } from './pause.ts';
import type { Access } from './permission.ts';
import type { Person, Standing } from './person.ts';
import type { ReplyAnswer, ReplyMessage } from './reply.ts';
import type { Rollout } from './rollout.ts';

/** Where "now" comes from. */
export interface Clock {
  now(): Instant;
}

/** Conscent's dashboard users. Never throws for an answer, however strange; never repeats a call. */
export interface ConscentUsers {
  /** Creates the account with a random password. */
  create(email: string, access: Access): Promise<ConscentAnswer>;
  update(userId: string, change: AccountChange): Promise<ConscentAnswer>;
}

/** Somebody else wrote first: read again and decide anew. */
export class Conflict extends Error {
  constructor() {
    super('The item was changed by somebody else');
    this.name = 'Conflict';
  }
}

/** Runs something again as long as somebody else is faster. Bounded, because whoever waits is told to come again. */
export async function untilFirst<T>(work: () => Promise<T>, attempts = 8): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Conflict) || attempts <= 1) throw error;
    return untilFirst(work, attempts - 1);
  }
}

/** The same with what was read before: only where somebody else was faster is it read again. */
export function untilFirstFrom<R, T>(known: R, readAgain: () => Promise<R>, work: (read: R) => Promise<T>): Promise<T> {
  let read = async () => known;
  return untilFirst(async () => {
    const current = await read();
    read = readAgain;
    return work(current);
  });
}

/** The jobs of the ledger. Every write is one conditional write of one item. */
export interface JobStore {
  /** Records a new job. Answers the job that was there already, or `null` where it is new. */
  record(job: Job): Promise<Job | null>;
  get(jobId: string): Promise<Job | null>;
  /**
   * Changes a job under its version, reading again as long as somebody else is faster. Answers what is stored; `null` where there is no job.
   * @param read the job as it was read before; spares reading it where nobody has written it since.
   */
  change(jobId: string, change: (job: Job) => Job, read?: Job): Promise<Job | null>;
  /**
   * A page of the jobs of one address or one status, newest first. What was written a moment ago may be missing still, or be found under
   * the status it had: the indexes of DynamoDB are eventually consistent.
   */
  list(query: JobQuery, page: { after: string | null; limit: number }): Promise<JobPage>;
  /** The unfinished jobs that are nobody's fact yet and whose wake is due. */
  due(now: Instant, limit: number): Promise<Due[]>;
  /** Puts off a wake that was due then; see `PersonStore`. */
  putOff(id: string, dueAt: Instant, until: Instant): Promise<void>;
}

/** Which jobs are listed. */
export type JobQuery = { email: string } | { status: JobStatus };

/** Some jobs, and the `listKey` that the next page begins after; `null`: there are no more. */
export interface JobPage {
  jobs: Job[];
  next: string | null;
}

/** Something whose wake is due. */
export interface Due {
  id: string;
  isLeaver: boolean;
  /** Since when, however often it has been put off. */
  at: Instant;
}

/** The people of the ledger, and what points at them. */
export interface PersonStore {
  get(id: string): Promise<Person | null>;
  /** Writes a person under their version, with when they must be looked at again. Throws `Conflict`. */
  save(person: Person, wake: Wake | null): Promise<Person>;
  /** The ids that keys point at, in the keys' order. */
  find(keys: readonly IdentityKey[]): Promise<(string | null)[]>;
  /** Points a key at a person, or at nobody. Throws `Conflict` unless it points at `expected` now. */
  point(key: IdentityKey, id: string | null, expected: string | null): Promise<void>;
  due(now: Instant, limit: number): Promise<Due[]>;
  /**
   * Puts off a wake that was due then, and does nothing where it is due no more. The item itself stays as it was: whatever is written next
   * says anew when to look at it.
   */
  putOff(id: string, dueAt: Instant, until: Instant): Promise<void>;
  /** The ids of everybody of that standing. Read from an index, which lags a moment behind. */
  ofStanding(standing: Standing): Promise<string[]>;
  /** Of those who should have lost their access at that instant or before and have not, as last settled, the ids; of many, some. */
  lateLeavers(before: Instant): Promise<string[]>;
  /** A page of all people there are, in no order, and where the next one begins; `null` at the end. */
  page(cursor: string | null): Promise<{ people: Pick<Person, 'id' | 'policyHash'>[]; cursor: string | null }>;
}

/** One stored record that concerns everybody, replaced as a whole. */
export interface Register<T> {
  get(): Promise<T | null>;
  /** Replaces the record. Throws `Conflict` unless it is `expected` now. */
  set(next: T | null, expected: T | null): Promise<void>;
}

/** When a source was last heard, or first seen where it has not been heard since; and when its silence was last spoken of. */
export interface Heard {
  at: Instant;
  saidAt: Instant | null;
}

/** When each source was last heard: a source that has broken is not heard, and nothing else tells. */
export interface HeardStore {
  /** Notes that a source was heard; more often than once an hour makes no difference. Throws after a second at the latest. */
  note(source: string, at: Instant): Promise<void>;
  get(source: string): Promise<Heard | null>;
  /** Throws `Conflict` where the source was heard meanwhile. */
  set(source: string, next: Heard, expected: Heard | null): Promise<void>;
}

/** A configured source, and after how long a silence somebody should look. */
export interface ConfiguredSource {
  name: string;
  silentAfterDays: number;
}

/** What a ticket is told: how which job stands. */
export interface Telling {
  jobId: string;
  standing: string;
}

/** What tickets were last told, so that none is told the same twice in a row. */
export interface TicketStore {
  /** `null`: it has been told nothing yet. */
  lastTold(source: string, ticket: string): Promise<Telling | null>;
  /** Notes what it is about to be told. Of two at once the later one is kept. */
  noteTold(source: string, ticket: string, telling: Telling): Promise<void>;
}

/** What a message on the queue says: look at this job, or at this person. Ids only. */
export type WakeUp = { jobId: string } | { personId: string };

/** SQS: DelaySeconds is at most 15 minutes. What is due later is the sweep's. */
export const MAX_DELAY_SECONDS = 900;

/** The queue. Losing what is sent here costs time and nothing else. */
export interface Queue {
  send(wakeUp: WakeUp, delaySeconds?: number): Promise<void>;
}

/** What the log may carry: ids, codes and numbers. */
export type LogFields = Partial<
  Record<
    | 'jobId'
    | 'personId'
    | 'source'
    | 'status'
    | 'outcome'
    | 'code'
    | 'step'
    | 'answer'
    | 'attempts'
    | 'count'
    | 'durationMs'
    | 'token'
    | 'reason',
    string | number
  >
>;

/** The eyes of the people who run it. */
export interface Monitor {
  info(message: string, fields: LogFields): void;
  /** An error line and the metric `alarm.<code>`, of which the alarms are made. */
  alarm(code: AlarmCode, fields: Omit<LogFields, 'code'>): void;
  count(metric: Count, value?: number): void;
  time(metric: Duration, seconds: number): void;
}

/** Settings of the road. */
export interface Settings {
  defaultZone: string;
  retrySchedule: readonly number[];
  refusesDuplicates: boolean;
  /** How long a claim holds: longer than the worker's timeout. */
  claimSeconds: number;
  /** How long one call may take, a second one after a re-read secret included. */
  callSeconds: number;
  guard: GuardSettings;
}

/** Everything the road runs on. */
export interface World {
  clock: Clock;
  jobs: JobStore;
  people: PersonStore;
  tickets: TicketStore;
  /** The stop of all calls to Conscent. */
  pause: Register<Pause>;
  guard: Register<Guard>;
  rollout: Register<Rollout>;
  queue: Queue;
  heard: HeardStore;
  /** The sources that are configured; none where the world does without them, or their secret cannot be read now. */
  configuredSources(): Promise<ConfiguredSource[]>;
  conscent: ConscentUsers;
  /** Fetches an employee's record, a ticket or a user from their vendor. Never throws. @param said what an unsigned sender said of them. */
  lookUp(source: string, id: string, said?: EventType): Promise<Lookup>;
  /** Tells a ticket what became of its job. Never throws; never repeats a call. */
  reply(source: string, ticket: string, message: ReplyMessage): Promise<ReplyAnswer>;
  monitor: Monitor;
  policy: AccessPolicy;
  /** When the policy was bundled: of two deployed policies the later one is in force. */
  policyBuiltAt: Instant;
  settings: Settings;
  /** A new id that nobody can guess. */
  newId(): string;
  /** A new password of 24 characters that nobody can guess. */
  newPassword(): string;
  /** A number in [0, 1), for jitter. */
  random(): number;
}
