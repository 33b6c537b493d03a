/** What an employee's record, once looked up, says of its person. It is a whole: what it does not state any more it takes back. */

import type { Instant } from './effective-date.ts';
import type { Authority, Fact } from './fact.ts';
import type { EmployeeRecord } from './lookup.ts';

/** Which job had a record looked up, and when the look-up began: what the record says was so then. */
export interface RecordOrigin {
  jobId: string;
  source: string;
  lookedUpAt: Instant;
  position: number;
  authority: readonly Authority[];
}

/**
 * The facts of a record: the end of an earlier employment, then the start (a change, where the record or its source's authority gives none) with
 * all that it says of the person, then the end. The first carries the job's id.
 */
export function factsOfRecord(record: EmployeeRecord, origin: RecordOrigin): Fact[] {
  const { start, end, formerEnd, withdrawn } = record;
  const says = sayer(record, origin);
  const ends = { ...says, type: 'offboard' as const, attributes: {} };
  const starts = start !== null && !withdrawn && origin.authority.includes('employment');
  const facts: Omit<Fact, 'id'>[] = [
    ...(formerEnd ? [{ ...ends, employment: 'end' as const, effectiveAt: formerEnd, former: true as const }] : []),
    { ...says, ...(starts ? { type: 'onboard', employment: 'start', effectiveAt: start } : { type: 'change' }) },
    ...(withdrawn ? [{ ...ends, employment: 'withdrawal' as const }] : []),
    ...(end === null ? [] : [{ ...ends, employment: 'end' as const, effectiveAt: end }]),
  ];
  return facts.map((fact, index) => ({
    ...fact,
    id: index === 0 ? origin.jobId : `${origin.jobId}/${fact.type}`,
    jobId: origin.jobId,
    position: origin.position + index,
    ...(end === null && !fact.former && { endsNever: true as const }),
  }));
}

function sayer(
  { employeeId, email, timeZone, attributes }: EmployeeRecord,
  { source, lookedUpAt, position, authority }: RecordOrigin,
): Omit<Fact, 'id' | 'type'> {
  return {
    source,
    occurredAt: lookedUpAt,
    position,
    externalId: employeeId,
    mayRename: authority.includes('attributes'),
    attributes: authority.includes('attributes') ? attributes : {},
    record: true,
    ...(email !== null && { email }),
    ...(timeZone !== undefined && { timeZone }),
  };
}
