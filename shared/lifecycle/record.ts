/** What an employee's record, once looked up, says of its person. It is a whole: what it does not state any more it takes back. */
import type { Authority, Fact } from './fact.ts';
import type { EmployeeRecord, Instant } from './ports.ts';

/** Which job had a record looked up, and when the look-up began: what the record says was so then. */
export interface RecordOrigin {
  jobId: string;
  source: string;
  lookedUpAt: Instant;
  position: number;
  authority: readonly Authority[];
}

/** The facts of a record: an onboard, an offboard, or where it states neither a change. The first carries the job's id. */
export function factsOfRecord(record: EmployeeRecord, origin: RecordOrigin): Fact[] {
  const { start, end } = record;
  const says = sayer(record, origin);
  const started = start !== null && origin.authority.includes('employment');
  const facts = [
    ...(started ? [{ ...says, type: 'onboard' as const, employment: 'start' as const, effectiveAt: start }] : []),
    ...(end === null ? [] : [{ ...says, type: 'offboard' as const, employment: 'end' as const, effectiveAt: end }]),
  ];
  if (facts.length === 0) return [{ ...says, id: origin.jobId, type: 'change' }];
  return facts.map((fact, index) => ({
    ...fact,
    id: index === 0 ? origin.jobId : `${origin.jobId}/${fact.type}`,
    jobId: origin.jobId,
    position: origin.position + index,
    ...(end === null && { endsNever: true as const }),
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
