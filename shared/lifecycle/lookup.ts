/** What looking somebody or something up at their vendor comes to. */
import type { JobErrorCode } from './errors.ts';
import type { CanonicalEvent } from './event.ts';

/** An employee as an HR system's own record says. Dates are calendar dates or instants; `null` says that there is none. */
export interface EmployeeRecord {
  employeeId: string;
  /** The work address; `null` where they have none (yet, or any more). */
  email: string | null;
  start: string | null;
  end: string | null;
  /** The passed end of an earlier employment, where `start` is the first day of a coming one. */
  formerEnd?: string;
  /** The hire was called off: nobody shall start, and nobody who works there shall stop. */
  withdrawn?: true;
  /** Of its dates; absent means the person's last, else the default. */
  timeZone?: string;
  /** `department`, `jobTitle`, `location`, `employmentType` and `attributes.*`; a member that is left out says nothing. */
  attributes: Record<string, string | null>;
}

/** Why a vendor gave no record. */
export type LookupFailure = 'vendor-unavailable' | 'vendor-unauthorized' | 'record-incomplete';

/**
 * What looking somebody or something up came to. Only a whole `record` and an `event` change anything.
 * - `record`: of an employee, as their HR system has it.
 * - `event`: what a ticket or a user, as they are at the vendor's, say happened; `ticket` is its lasting id there, where it may be moved.
 * - `nothing`: what was looked up asks for nothing now, and why: the ticket is not approved, or no request of ours; the user is not active yet.
 * - `unreadable`: the ticket is there, but what it says is no event; `pointers` say where.
 * - `review`: the record is there, but a person must judge what it means.
 * - `not-found`: never a termination by itself.
 */
export type Lookup =
  | { kind: 'record'; record: EmployeeRecord }
  | { kind: 'event'; event: CanonicalEvent; ticket?: string }
  | { kind: 'nothing'; because: 'not-approved' | 'other-request' | 'not-active' }
  | { kind: 'unreadable'; pointers: readonly string[] }
  | { kind: 'review'; code: JobErrorCode }
  | { kind: 'not-found' }
  | { kind: 'failed'; reason: LookupFailure; retryAfterSeconds?: number };
