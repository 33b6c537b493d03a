/** What was said of everybody in a run, from what was sent and what the HR system answered. The ledger is asked for instants of receipt alone. */
import type { Job } from '../../shared/lifecycle/job.ts';
import type { Said } from '../lifecycle/oracle.ts';
import type { Books } from './books.ts';
import type { Told } from './hr.ts';
import { type LookUp, saidByRecords } from './oracle-records.ts';
import type { Character } from './people.ts';
import type { Accepted } from './senders.ts';

const AUTHORITIES = {
  api: ['employment', 'attributes', 'grants'],
  'standard-webhooks': ['employment', 'attributes'],
} as const;

/** What the testimony is made of. */
export interface Evidence {
  accepted: readonly Accepted[];
  told: readonly Told[];
  books: Books;
  /** Which job each worker was woken for; of the sweep, which may have done its work itself, `undefined`. */
  jobOfWorker(worker: number): string | undefined;
}

/** Everything that was said of somebody, in no order. */
export function saidOf(who: Character, evidence: Evidence): Said[] {
  const own = evidence.accepted.filter(({ happening }) => happening.who === who);
  const events = own.flatMap((accepted) => eventSaid(accepted, evidence));
  const isKnown = events.some(
    ({ event: { person } }) => person.email !== undefined && person.externalId === who.webhookId,
  );
  // An employee id alone names nobody until it comes with an address (rule 4).
  const named = events.filter(({ event: { person } }) => person.email !== undefined || isKnown);
  return [...named, ...saidByRecords(lookUpsOf(own, evidence))];
}

/** An event that names two people changes nothing (rule 4), whatever else it says. */
function isRefused(job: Job | undefined): boolean {
  return job?.error?.code === 'identity-conflict';
}

function eventSaid({ happening, jobId }: Accepted, { books }: Evidence): Said[] {
  const { told } = happening;
  const job = books.jobs.get(jobId);
  if (told.by === 'bamboohr' || isRefused(job)) return [];
  const origin = { jobId, source: told.by, receivedAt: job?.receivedAt ?? '', position: 0 };
  return [{ event: told.event, origin: { ...origin, authority: AUTHORITIES[told.by] } }];
}

function lookUpsOf(own: readonly Accepted[], evidence: Evidence): LookUp[] {
  const jobIds = new Set(own.filter(({ happening }) => happening.told.by === 'bamboohr').map(({ jobId }) => jobId));
  const employeeId = own[0]?.happening.who.employeeId ?? '';
  return [...jobIds].flatMap((jobId) => lookUpOf(jobId, employeeId, evidence) ?? []);
}

/** The look-up whose answer became the job's fact: of the workers on that job, the one that asked next after the instant that was kept. */
function lookUpOf(jobId: string, employeeId: string, { books, told, jobOfWorker }: Evidence): LookUp | null {
  const facts = books.people.flatMap(({ facts }) => facts);
  const fact = facts.find((one) => (one.jobId ?? one.id) === jobId && one.record);
  if (!fact) return null;
  const began = Date.parse(fact.occurredAt);
  const isForJob = (worker: number) => (jobOfWorker(worker) ?? jobId) === jobId;
  const answers = told.filter((one) => one.employeeId === employeeId && one.at >= began && isForJob(one.worker));
  // In the order of the clocks, which is that of the instants that are kept.
  const [dates] = answers.toSorted((one, other) => one.at - other.at);
  const rest = answers.find((answer) => answer.worker === dates?.worker && answer !== dates) ?? dates;
  if (!dates || !rest) return null;
  const { hireDate, terminationDate } = dates.record;
  return { jobId, at: fact.occurredAt, employeeId, record: { ...rest.record, hireDate, terminationDate } };
}

/** When each look-up that became a fact began, by its job. */
export function lookUpsByJob({ books }: Evidence): Map<string, number> {
  const records = books.people.flatMap(({ facts }) => facts.filter(({ record }) => record));
  return new Map(records.map(({ id, jobId = id, occurredAt }) => [jobId, Date.parse(occurredAt)]));
}
