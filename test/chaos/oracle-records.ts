/** The oracle's reading of the HR system: what each looked-up record says that the one before did not (DESIGN rules 1 to 3). */

import type { Said } from '../lifecycle/oracle.ts';
import { comesIntoForce } from '../lifecycle/oracle-dates.ts';
import type { HrRecord } from './hr.ts';
import { HR_ZONE } from './secrets.ts';

/** A look-up that became a fact: what was answered to it, and when it began. */
export interface LookUp {
  jobId: string;
  at: string;
  employeeId: string;
  record: HrRecord;
}

const AUTHORITY = ['employment', 'attributes'] as const;

/** What is remembered of an employee's record. */
interface Memory {
  start?: string | null;
  end?: string | null;
  words: Record<string, string | null>;
}

/** The events that the records of one employee amount to. */
export function saidByRecords(lookUps: readonly LookUp[]): Said[] {
  const memory: Memory = { words: {} };
  const inOrder = lookUps.toSorted((a, b) => (a.at === b.at ? (a.jobId < b.jobId ? -1 : 1) : a.at < b.at ? -1 : 1));
  return inOrder.flatMap((lookUp) => saidBy(lookUp, memory));
}

function saidBy(lookUp: LookUp, memory: Memory): Said[] {
  const { record, at } = lookUp;
  const { hireDate: start } = record;
  const end = record.terminationDate === '0000-00-00' ? null : record.terminationDate;
  const now = Date.parse(at);
  const hasEnded = end !== null && comesIntoForce(end, HR_ZONE, true) <= now;
  const takesBack = end === null && memory.end != null;
  // A record that states a passed end re-opens nothing; a member that repeats itself says nothing.
  const starts = !hasEnded && (takesBack || start !== memory.start);
  const ends = end !== null && end !== (starts ? null : memory.end);
  const isAhead = comesIntoForce(start, HR_ZONE, false) > now;
  const words = newWords(record, memory);
  const what = {
    person: { externalId: lookUp.employeeId, ...words },
    ...((starts || isAhead) && { effectiveAt: start }),
  };
  Object.assign(memory, { start, end });
  return [
    said(lookUp, 0, { type: starts ? 'onboard' : 'change', ...what }),
    ...(ends
      ? [said(lookUp, 1, { type: 'offboard', person: { externalId: lookUp.employeeId }, effectiveAt: end })]
      : []),
  ];
}

function newWords({ workEmail, department, jobTitle }: HrRecord, memory: Memory): Record<string, string | null> {
  const words = Object.entries({ email: workEmail, department, jobTitle });
  const fresh = words.filter(([name, value]) => memory.words[name] !== value);
  Object.assign(memory.words, Object.fromEntries(words));
  return Object.fromEntries(fresh);
}

function said({ jobId, at }: LookUp, position: number, event: Omit<Said['event'], 'occurredAt'>): Said {
  const origin = { jobId: position === 0 ? jobId : `${jobId}/end`, source: 'bamboohr', receivedAt: at, position };
  return { event: { ...event, occurredAt: at, timeZone: HR_ZONE }, origin: { ...origin, authority: AUTHORITY } };
}
