/** Bodies to begin with. A test posts each of them to the running stack. */
import type * as z from 'zod/mini';
import type { eventSchema } from '../../lifecycle/event.ts';
import type { linkSchema } from '../link-account.ts';

/** A body and when it is sent. */
export interface Example<T = unknown> {
  summary: string;
  value: T;
}

type EventBody = z.input<typeof eventSchema>;

/** The person whom the examples are about. */
export const ANA = 'ana@example.com';

const onboard: EventBody = {
  type: 'onboard',
  person: { email: ANA, externalId: '1042', department: 'Finance', jobTitle: 'Accountant' },
};

/** Bodies of `POST /events`. */
export const EVENT_EXAMPLES = {
  onboard: { summary: 'Somebody joins', value: onboard },
  change: {
    summary: 'Somebody moves to another department',
    value: {
      type: 'change',
      person: { externalId: '1042', email: ANA, department: 'Marketing', attributes: { costCentre: '4711' } },
    },
  },
  grant: {
    summary: 'A ticket asks for more, for a while',
    value: {
      type: 'change',
      person: { email: ANA },
      access: { profile: 'finance', until: '2027-01-31' },
      timeZone: 'Asia/Kolkata',
      reference: 'REQ-1234',
    },
  },
  direct: {
    summary: 'The same, flag by flag',
    value: {
      type: 'change',
      person: { email: ANA },
      access: { role: 'VIEWER', permissions: { ga4: true, export: true } },
      reference: 'REQ-1235',
    },
  },
  leaver: {
    summary: 'Somebody will leave at the end of their last day',
    value: {
      type: 'offboard',
      person: { email: ANA },
      effectiveAt: '2026-12-31',
      timeZone: 'Asia/Kolkata',
      occurredAt: '2026-11-23T09:30:00Z',
      reason: 'resignation',
    },
  },
  several: {
    summary: 'Several at once',
    value: [
      { type: 'onboard', person: { email: 'ben@example.com', department: 'Growth' }, effectiveAt: '2027-02-01' },
      { type: 'offboard', person: { email: 'cleo@example.com' } },
    ],
  },
} satisfies Readonly<Record<string, Example<EventBody | EventBody[]>>>;

/** A delivery that any sender can sign. */
export const WEBHOOK_EXAMPLES = {
  'standard-webhooks': {
    summary: 'The body of a delivery that is signed as Standard Webhooks says',
    value: { type: 'onboard', person: { email: 'dan@example.com', department: 'Growth' } },
  },
} satisfies Readonly<Record<string, Example<EventBody>>>;

/** A body of `PUT /people/{email}/account`. */
export const LINK_EXAMPLES = {
  link: { summary: 'As the Conscent dashboard shows it', value: { userId: 'f4b327dc1df7f6b932ffef6e' } },
} satisfies Readonly<Record<string, Example<z.input<typeof linkSchema>>>>;

/** A file of `POST /people/import` with a header line. */
export const CSV_EXAMPLES = {
  accounts: {
    summary: 'One account whose permissions are known, and one whose are not',
    value: 'email,userId,role,permissions\nelin@example.com,u-17,ADMIN,"ga4, export"\nfinn@example.com,u-18,,\n',
  },
} satisfies Readonly<Record<string, Example<string>>>;

/** The same with an object a line. */
export const NDJSON_EXAMPLES = {
  accounts: {
    summary: 'One account that holds everything, and one of which that is not known',
    value:
      '{"email":"gro@example.com","userId":"u-19","role":"ADMIN","permissions":"*"}\n{"email":"hal@example.com","userId":"u-20"}\n',
  },
} satisfies Readonly<Record<string, Example<string>>>;
