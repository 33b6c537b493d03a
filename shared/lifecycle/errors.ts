/**
 * Everything that can go wrong, as two closed lists: what a caller is told (`Problem`) and what a job says (`JobErrorCode`).
 * Whether a thing may be tried again is a property of its code, never a match on text.
 */

/** What a caller may be told, by code. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-cursor': { status: 400, title: 'The cursor is not one of ours' },
  unauthorized: { status: 401, title: 'Credentials are missing, wrong or expired' },
  'invalid-signature': { status: 401, title: 'The signature is missing or wrong' },
  forbidden: { status: 403, title: 'The token does not have the scope' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used with another body' },
  'unknown-profile': { status: 422, title: 'The access policy has no such profile' },
  'invalid-state': { status: 422, title: 'The state does not allow this' },
  'user-id-taken': { status: 422, title: 'The userId belongs to another person' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const;

/** A code of an RFC 9457 problem; its type is `urn:conscent-lifecycle:problem:<code>`. */
export type ProblemCode = keyof typeof PROBLEMS;

/** One invalid member, at a JSON pointer (RFC 6901) into the body. */
export interface Violation {
  pointer: string;
  detail: string;
}

/** An error that a caller may see. `detail` says what to do and never carries a secret, a password or somebody's data. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly violations: readonly Violation[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: { violations?: readonly Violation[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.status = PROBLEMS[code].status;
    this.title = PROBLEMS[code].title;
    this.violations = more.violations ?? [];
    this.headers = more.headers ?? {};
  }
}

/** What a job may say, by code. */
export const JOB_ERRORS = {
  // Conscent's answers
  'conscent-rejected': {
    retryable: false,
    detail: 'Conscent refused the request as invalid. Correct the person or the policy, then retry.',
  },
  'conscent-unauthorized': {
    retryable: true,
    detail: 'Conscent does not accept the API key. Store the right one; calls resume by themselves.',
  },
  'conscent-throttled': { retryable: true, detail: 'Conscent asked us to slow down.' },
  'conscent-unavailable': { retryable: true, detail: 'Conscent could not be reached or failed.' },
  'secret-unreadable': {
    retryable: true,
    detail:
      'Nothing was sent: our own secret with the API key of Conscent cannot be read, is not of its form, or is still the placeholder of the first deployment. Store the right one; it is tried again.',
  },
  'conscent-silence': {
    retryable: true,
    detail: 'Conscent gave no usable answer; whether the call worked is not known.',
  },
  'conscent-unknown-answer': {
    retryable: true,
    detail: 'Conscent gave an answer that is not documented; whether the call worked is not known.',
  },
  'retries-exhausted': {
    retryable: false,
    detail: 'Every attempt of the retry schedule failed. Retry when Conscent is well again.',
  },
  'no-outcome': {
    retryable: false,
    detail: 'Five attempts ended without an outcome. Look at the logs of reconcile, then retry.',
  },
  crashed: {
    retryable: true,
    detail:
      'Five workers ended over it without an outcome. It is tried again every hour. Look at the logs of reconcile, mend the cause, then retry, or bring its message back: npm run redrive.',
  },
  held: {
    retryable: true,
    detail:
      'More people lose their access at once than the guard lets through. If that is right, release them: POST /people/{email}/release or POST /guard/release.',
  },
  'writes-paused': {
    retryable: true,
    detail: 'An operator has stopped every write to Conscent. POST /guard/resume lets it go on.',
  },
  // accounts
  'account-exists': {
    retryable: false,
    detail: 'Conscent says the address already has an account. Link it: PUT /people/{email}/account.',
  },
  'account-not-found': {
    retryable: false,
    detail:
      'Conscent does not know the userId. Look in the dashboard, then link the right one: PUT /people/{email}/account.',
  },
  'account-unlinked': {
    retryable: false,
    detail:
      'An account may exist but its userId is not known. Look in the dashboard, then link it (PUT /people/{email}/account) or retry if there is none.',
  },
  // people
  'identity-conflict': {
    retryable: false,
    detail:
      'The event names two different people, or an address or employee id that belongs to another. Nothing was changed. Post the event to /events with previousEmail.',
  },
  'ended-elsewhere': {
    retryable: false,
    detail:
      'The employment was ended by another source, which alone may re-open it. Post the onboard to /events if it is right.',
  },
  'ticket-reopens': {
    retryable: false,
    detail:
      'The ticket spoke of this person before their employment ended, and no ticket brings anybody back. If they are hired again, a new ticket does, or an onboard to /events.',
  },
  'hire-begun': {
    retryable: false,
    detail:
      'A hire was taken back of somebody who works there already. If they have left, post an offboard to /events; else cancel the job of the hire if it is still scheduled.',
  },
  'employment-unknown': {
    retryable: false,
    detail: 'No employment was ever stated. The grant counts from the onboard on.',
  },
  'person-too-large': {
    retryable: false,
    detail: 'More is known of the person than there is room for. Clear attributes that no rule asks for, then retry.',
  },
  // looking up
  'vendor-unavailable': { retryable: true, detail: 'The vendor could not be reached or failed. It is asked again.' },
  'vendor-unauthorized': {
    retryable: true,
    detail: 'The vendor does not accept our credentials. Store the right ones; it is asked again.',
  },
  'record-incomplete': {
    retryable: true,
    detail: 'The vendor gave only part of the record. Allow our credentials to see all fields; it is asked again.',
  },
  unconfirmed: {
    retryable: false,
    detail:
      'Its sender does not sign and cannot be asked back, so anybody who knows its credential may have said it. If it is right, retry the job: it is then acted on.',
  },
  'ticket-unreadable': {
    retryable: false,
    detail:
      'What the ticket says cannot be read: a field is missing, or of another form. Correct it in the ticket; its next update counts, or retry the job where the ticket was looked up.',
  },
  'ticket-not-approved': {
    retryable: false,
    detail:
      'The ticket is not in a state in which it is acted on. Nothing was changed: approve it and retry, if it still holds.',
  },
  'ticket-other-request': {
    retryable: false,
    detail:
      'The ticket is approved, but its type is none of the words that are configured. Nothing was changed: correct the one or the other and retry, or post what it asks for to /events.',
  },
  'ticket-not-fetchable': {
    retryable: false,
    detail:
      'The delivery only names a ticket, and its source has no API and mapping to look it up with. Configure both, then retry.',
  },
  'ticket-not-found': {
    retryable: false,
    detail:
      'The ticketing system does not know the ticket (any more), or does not show it to our credentials. Nothing was changed: post what it asked for to /events, or retry.',
  },
  'employee-not-found': {
    retryable: false,
    detail:
      'The vendor does not know the employee (any more). Nothing was changed: if they have left, post an offboard to /events; else retry.',
  },
  'employee-deleted': {
    retryable: false,
    detail:
      'The record was deleted in the HR system, which is no termination. If they have left, post an offboard to /events.',
  },
  'employee-inactive': {
    retryable: false,
    detail:
      'The employee is inactive, on leave perhaps, without a date of leaving. If they have left, post an offboard to /events; else nothing is to be done.',
  },
  'user-not-active': {
    retryable: false,
    detail:
      'The user is not active there yet. Nothing was changed: their activation will say so itself. If they have left, post an offboard to /events.',
  },
  'employee-unnamed': {
    retryable: false,
    detail:
      'The event names no employee record; reference is what it names. Look it up in the HR system: what follows from it, post to /events.',
  },
  'no-work-email': {
    retryable: true,
    detail: 'The HR system has no work email yet. It is asked again until there is one.',
  },
  'no-email': {
    retryable: false,
    detail: 'The person has no address yet, so no account can be made. Send an event with the email.',
  },
  'unknown-profile': {
    retryable: false,
    detail: 'The access policy has no such profile. Add it, or send the event again.',
  },
  unreadable: {
    retryable: false,
    detail: 'What was sent could not be read. Correct the sender, then let it send again.',
  },
} as const;

/** Why a job waits or needs a person. */
export type JobErrorCode = keyof typeof JOB_ERRORS;

/** A job's error, as shown. */
export interface JobError {
  code: JobErrorCode;
  detail: string;
  retryable: boolean;
}

/** Spells a job error out. `detail` is fixed per code, so that nothing from a request or an answer can slip into it. */
export function jobError(code: JobErrorCode): JobError {
  return { code, ...JOB_ERRORS[code] };
}
