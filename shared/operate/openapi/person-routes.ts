/** What is said of the routes about people. */
import { CSV_EXAMPLES, LINK_EXAMPLES, NDJSON_EXAMPLES } from './examples.ts';
import type { RouteWords } from './operation.ts';
import { refTo } from './schemas.ts';

const TAG = 'People';
const TEXT = { type: 'string' } as const;

/** By route. */
export const PERSON_ROUTES = {
  'GET /people/{email}': {
    operationId: 'getPerson',
    tag: TAG,
    summary: 'See what a person holds and why',
    description: 'What is known of them, what they should hold now, and what Conscent has acknowledged.',
    answers: { 200: { description: 'The person.', schema: 'Person' } },
  },
  'PUT /people/{email}/account': {
    operationId: 'linkAccount',
    tag: TAG,
    summary: 'Say which Conscent account is theirs',
    description:
      'For an account that is `unlinked`: look in the Conscent dashboard for its userId. What they should hold is sent at once.',
    body: { 'application/json': { schema: refTo('AccountLink'), examples: LINK_EXAMPLES } },
    answers: { 200: { description: 'The person, their account linked.', schema: 'Person' } },
    problems: ['user-id-taken'],
  },
  'POST /people/import': {
    operationId: 'importPeople',
    tag: TAG,
    summary: 'Link accounts that are there already',
    description:
      'Takes up to 1,000 lines: `email`, `userId`, and where they are known `role` and `permissions` (flag names, or `*` for all 24). Nothing is sent to Conscent, and nothing happens to these people before their first onboard or offboard. Without permissions what the account holds is not known, so all of it is sent then. A line that fails stops no other, and a file may be sent again.',
    body: {
      'text/csv': {
        schema: {
          ...TEXT,
          description:
            'A header line that names the columns, which are the members of ImportLine; then one account a line (RFC 4180).',
        },
        examples: CSV_EXAMPLES,
      },
      'application/x-ndjson': {
        schema: { ...TEXT, description: 'One ImportLine a line.' },
        examples: NDJSON_EXAMPLES,
      },
    },
    answers: { 200: { description: 'What became of each line.', schema: 'Imported' } },
  },
  'POST /people/{email}/release': {
    operationId: 'releasePerson',
    tag: TAG,
    summary: 'Let one leaver go whom the guard has stopped',
    description: 'Harmless for anybody else. It takes no body.',
    answers: { 200: { description: 'How many were let go.', schema: 'Released' } },
  },
  'POST /people/{email}/reapply': {
    operationId: 'reapply',
    tag: TAG,
    summary: 'Send Conscent all that a person should hold once more',
    description: 'For when somebody may have edited it in the Conscent dashboard. It takes no body.',
    answers: { 202: { description: 'The person; the call follows.', schema: 'Person' } },
    problems: ['invalid-state'],
  },
  'POST /people/{email}/password': {
    operationId: 'setPassword',
    tag: TAG,
    summary: 'Set a fresh password',
    description:
      'For somebody who is employed, should hold access and whose account is linked. The password is answered this once and kept nowhere. It takes no body.',
    answers: { 200: { description: 'The password, in force.', schema: 'Password', headers: ['Cache-Control'] } },
    problems: ['invalid-state'],
  },
} as const satisfies Readonly<Record<string, RouteWords>>;
