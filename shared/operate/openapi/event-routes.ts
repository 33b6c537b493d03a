/** What is said of the routes that take events. */
import { EVENT_EXAMPLES, WEBHOOK_EXAMPLES } from './examples.ts';
import type { RouteWords } from './operation.ts';
import { EVENTS } from './schemas.ts';

const TAG = 'Events';

const DELIVERY = {
  tag: TAG,
  answers: {
    200: { description: 'As 202, to senders who take nothing but 200 for a success.', schema: 'Accepted' },
    202: {
      description: 'Recorded. No jobs where the delivery was a ping or an event of a type that is not handled.',
      schema: 'Accepted',
    },
  },
  problems: ['invalid-request', 'invalid-signature', 'unavailable'],
  isSigned: true,
} as const;

const RECORDED =
  'The raw body is verified, read and recorded, and answered before anything is done about it. A delivery that comes again is the same job. A signed body that cannot be read is recorded as a job that needs attention.';

/** By route. */
export const EVENT_ROUTES = {
  'POST /events': {
    operationId: 'postEvents',
    tag: TAG,
    summary: 'Say who joins, moves or leaves',
    description:
      'Takes one event, or an array of 1 to 100 of which all are accepted or none. An event is recorded and answered; the account follows within seconds, or on its date. Unknown members are refused. `access.role` and `access.permissions` need the scope `access:direct` as well.',
    parameters: ['dryRun', 'idempotencyKey', 'prefer'],
    body: { 'application/json': { schema: EVENTS, examples: EVENT_EXAMPLES } },
    answers: {
      200: {
        description: 'With `Prefer: wait`: the jobs, none of which will move by itself. With `dryRun=true`: the plans.',
        schema: ['Waited', 'Plans'],
        headers: ['Location', 'Preference-Applied'],
      },
      202: {
        description: 'Recorded: where to look. With `Prefer: wait`: the jobs as they were when the wait was over.',
        schema: ['Accepted', 'Waited'],
        headers: ['Location', 'Preference-Applied'],
      },
    },
    problems: ['idempotency-key-reused', 'unknown-profile'],
  },
  'POST /webhooks/{source}': {
    ...DELIVERY,
    operationId: 'postWebhook',
    summary: 'Deliver as an HR or ticketing system does',
    description: `${RECORDED} \`standard-webhooks\` is for every sender that can sign: its body is what \`POST /events\` takes.`,
    parameters: ['webhookId', 'webhookTimestamp'],
    body: {
      'application/json': {
        schema: { description: 'What the sender sends. Of standard-webhooks an Event, or 1 to 100 of them.' },
        examples: WEBHOOK_EXAMPLES,
      },
    },
  },
  'GET /webhooks/{source}': {
    operationId: 'shakeHands',
    tag: TAG,
    summary: 'Shake hands with a sender who asks for it',
    description:
      'For senders that verify an address by GET before they post to it: `okta`. Its credential comes with the challenge, and nobody else is answered.',
    parameters: ['oktaChallenge'],
    answers: { 200: { description: 'The challenge, as the sender wants it back.', schema: 'Handshake' } },
    problems: ['invalid-request', 'invalid-signature', 'method-not-allowed', 'unavailable'],
    isSigned: true,
  },
  'POST /webhooks/generic/{name}': {
    ...DELIVERY,
    operationId: 'postGenericWebhook',
    summary: 'Deliver as a system of your own',
    description: `${RECORDED} How its deliveries are verified and where in them the event is, is configured by name.`,
    body: {
      'application/json': { schema: { description: 'What was configured.' } },
      'application/x-www-form-urlencoded': { schema: { description: 'What was configured, where that is a form.' } },
    },
  },
} as const satisfies Readonly<Record<string, RouteWords>>;
