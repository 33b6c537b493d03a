/** The members of requests in words, for the document alone: the functions that read them carry the schemas, and need not carry these. */
import type * as z from 'zod/mini';
import type { CanonicalEvent } from '../../lifecycle/event.ts';
import type { lineSchema } from '../import-line.ts';
import type { linkSchema } from '../link-account.ts';

type Words<T> = Readonly<Record<keyof T, string>>;

const TEXT = '1 to 200 characters without control characters; spaces around it are cut off.';
const CLEARABLE = 'For the access policy. null clears it.';
const NEVER_STORED = 'Accepted and never stored: Conscent has no field for it.';

/** What each member of an event means. */
export const EVENT_WORDS: Words<CanonicalEvent> = {
  type: 'Somebody joins, moves or leaves.',
  person: 'Who, and what is known of them.',
  access: 'A grant on top of what the access policy gives.',
  effectiveAt:
    'When it comes into force: an instant with its offset, or a date, which is read in the time zone and means the start of that day, or its end for an offboard. Years 1900 to 2200. Default: occurredAt.',
  timeZone: 'An IANA time zone for the dates; offsets are refused. Default: the person’s last, else the deployment’s.',
  occurredAt:
    'When it was said, with an offset: of two statements the one said later counts, in whatever order they arrive. One that lies ahead counts as received. Default: when it is received.',
  reason: `For the audit. ${TEXT}`,
  reference: `Names a grant, so that a later one can replace it, and the job in your own system. ${TEXT}`,
};

/** What each member of an event’s person means. */
export const PERSON_WORDS: Words<CanonicalEvent['person']> = {
  email:
    'The address of the account. Spaces around it are cut off and capitals made small. Where the deployment names its domains, one of those.',
  externalId: `The employee’s id in the source. ${TEXT}`,
  previousEmail: 'The address that email replaces: a rename. The old one keeps pointing at the person.',
  firstName: NEVER_STORED,
  lastName: NEVER_STORED,
  department: CLEARABLE,
  jobTitle: CLEARABLE,
  location: CLEARABLE,
  employmentType: CLEARABLE,
  attributes: 'More texts for the access policy, by names of your own; at most 50. null clears one.',
};

/** What each member of a grant means. */
export const ACCESS_WORDS: Words<NonNullable<CanonicalEvent['access']>> = {
  profile: 'A profile of the access policy.',
  role: 'A role of Conscent. It counts where no rule matches. Needs the scope access:direct.',
  permissions: 'Flags of Conscent; those that are true are granted. Needs the scope access:direct.',
  until:
    'When it ends: an instant, or a date, to the end of which it holds. One that has passed takes the grant back. Default: with the employment.',
};

/** What each member, or column, of an imported line means. */
export const LINE_WORDS: Words<z.output<typeof lineSchema>> = {
  email: 'The address of the account.',
  userId: 'As the Conscent dashboard shows it.',
  role: 'The role that it has.',
  permissions: 'The flags that it has, or * for all 24: in one text, separated by spaces or commas, or in a list.',
};

/** What each member of a link means. */
export const LINK_WORDS: Words<z.output<typeof linkSchema>> = {
  userId: 'As the Conscent dashboard shows it: printable ASCII without spaces. Conscent documents no format.',
};
