/** Deliveries of ticketing systems: ServiceNow, which signs or sends a password, Zendesk, which signs, and Freshservice, which does not. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { zendeskHeaders } from '../../../fixtures/ticketing/zendesk.ts';
import type { Answer, Attack, Family } from '../attack.ts';
import { REFUSED, SAME_JOB } from '../forging.ts';
import { KEYS } from '../secrets.ts';
import { signed } from '../sending.ts';
import type { Stage } from '../stage.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** "Test webhook" signs with it; Zendesk publishes it. */
const ZENDESK_TEST_SECRET = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';

/** One way in which a ticketing system is known. */
interface Sender {
  source: string;
  secret: string;
  /** What it sends beside the event, so that its ticket has a name. */
  ticket: object;
  /** Its headers by a secret. @param ageSeconds of what is signed. */
  headers(body: string, secret: string, ageSeconds?: number): Record<string, string>;
}

const ITEM = { record: { sys_id: 'a77ac4'.padEnd(32, '0'), sys_mod_count: '3', number: 'RITM0011099' } };
const SERVICENOW: Sender = {
  source: 'servicenow',
  secret: KEYS.servicenow,
  ticket: ITEM,
  headers: (body, secret, ageSeconds = 0) => signed(body, { key: Buffer.from(secret, 'base64'), ageSeconds }),
};
const BASIC: Sender = {
  source: 'servicenow',
  secret: KEYS.servicenowPassword,
  ticket: { record: { ...ITEM.record, sys_mod_count: '4' } },
  headers: (_, secret) => ({ authorization: `Basic ${Buffer.from(`servicenow:${secret}`).toString('base64')}` }),
};
const ZENDESK: Sender = {
  source: 'zendesk',
  secret: KEYS.zendesk,
  ticket: { reference: '99001' },
  headers: (body, secret, ageSeconds = 0) =>
    zendeskHeaders(body, new Date(Date.now() - ageSeconds * 1000).toISOString(), secret),
};
const FRESHSERVICE: Sender = {
  source: 'freshservice',
  secret: KEYS.freshservice,
  ticket: { reference: 'SR-99001' },
  headers: (_, secret) => ({ 'x-desk-key': secret }),
};
const SENDERS = [SERVICENOW, BASIC, ZENDESK, FRESHSERVICE];

/** A joiner whom no ticket asks for. @param canary a name that must not be kept. */
const joiner = ({ ticket }: Sender, canary: string, email = 'mallory@press.example') =>
  JSON.stringify({
    ...{ type: 'onboard', person: { email, firstName: canary }, access: { profile: 'finance' } },
    ...ticket,
  });

/** A delivery whose headers are made of its body. */
const post = (stage: Stage, { source }: Sender, body: string, headers: Record<string, string>) =>
  stage.request('POST', `/webhooks/${source}`, { body, headers: { ...JSON_TYPE, ...headers } });

/** From each of the senders a delivery, with the headers that it is given. */
const fromAll = (
  senders: readonly Sender[],
  headersOf: (sender: Sender, body: string) => Record<string, string>,
): Attack['send'] => {
  return (stage, canary) =>
    Promise.all(
      senders.map((sender) => {
        const body = joiner(sender, canary);
        return post(stage, sender, body, headersOf(sender, body));
      }),
    );
};

const random = () => randomBytes(32).toString('base64');

/** What was sent once, and is sent again as it was. */
const captured: ((stage: Stage) => Promise<Answer>)[] = [];

const attacks: Attack[] = [
  {
    rule: 'a ticketing system that does not say who it is is nobody',
    sent: 'the body alone to ServiceNow, Zendesk and Freshservice',
    send: fromAll([SERVICENOW, ZENDESK, FRESHSERVICE], () => ({})),
    ...REFUSED,
  },
  {
    rule: 'a forged signature opens nothing, whatever is beside it',
    sent: 'signatures by a random key, to ServiceNow with its good password beside it, and to Zendesk; to Zendesk one by the secret that it publishes for tests; to Freshservice another text, and a good one twice',
    send: async (stage, canary) =>
      [
        await fromAll([SERVICENOW], (sender, body) => ({
          ...sender.headers(body, random()),
          ...BASIC.headers(body, BASIC.secret),
        }))(stage, canary),
        await fromAll([ZENDESK, FRESHSERVICE], (sender, body) => sender.headers(body, random()))(stage, canary),
        await fromAll([ZENDESK], (sender, body) => sender.headers(body, ZENDESK_TEST_SECRET))(stage, canary),
        await fromAll([FRESHSERVICE], ({ secret }) => ({ 'x-desk-key': `${secret}, ${secret}` }))(stage, canary),
      ].flat(),
    ...REFUSED,
  },
  {
    rule: 'the secret of one ticketing system opens no other',
    sent: 'ServiceNow’s key and its password, Zendesk’s key and Freshservice’s text, each in the place of each of the others',
    send: async (stage, canary) => {
      const others = SENDERS.map(({ secret }) =>
        fromAll(
          SENDERS.filter((sender) => sender.secret !== secret),
          (sender, body) => sender.headers(body, secret),
        ),
      );
      return (await Promise.all(others.map((send) => send(stage, canary)))).flat();
    },
    ...REFUSED,
  },
  {
    rule: 'what a ticketing system signed is worth nothing after its time, nor before it',
    sent: 'to ServiceNow and Zendesk: good signatures of six minutes ago, and of six minutes ahead',
    send: async (stage, canary) => {
      const at = (age: number) =>
        fromAll([SERVICENOW, ZENDESK], (sender, body) => sender.headers(body, sender.secret, age))(stage, canary);
      return [await at(360), await at(-360)].flat();
    },
    ...REFUSED,
  },
  {
    rule: 'what a ticketing system sends again is the same job',
    sent: 'a good delivery of each, as it was sent before, its headers included; ServiceNow’s signed, and by its password',
    given: async (stage) => {
      for (const [index, sender] of SENDERS.entries()) {
        const body = joiner(sender, 'nobody', `ticket${index}@press.example`);
        const headers = sender.headers(body, sender.secret);
        captured.push((again) => post(again, sender, body, headers));
      }
      return Promise.all(captured.map((send) => send(stage)));
    },
    send: (stage) => Promise.all(captured.map((send) => send(stage))),
    ...SAME_JOB,
  },
  {
    rule: 'a password says who sends, and not that it is so',
    sent: 'a joiner by ServiceNow’s password, and one by Freshservice’s text, where neither can be asked',
    send: fromAll([{ ...BASIC, ticket: ITEM }, FRESHSERVICE], (sender, body) => sender.headers(body, sender.secret)),
    answered: '202',
    stored: '2 jobs: needs-attention (unconfirmed)',
    besides: {
      that: 'nobody gets an account',
      holds: async ({ stage }) =>
        expect((await stage.users()).map(({ email }) => email)).not.toContain('mallory@press.example'),
    },
  },
  {
    rule: 'more than 256 KB of a ticketing system’s is not read',
    sent: 'a good delivery of each, with blanks to 256 KB and one byte',
    send: (stage, canary) =>
      Promise.all(
        SENDERS.map((sender) => {
          const body = joiner(sender, canary).padEnd(256 * 1024 + 1);
          return post(stage, sender, body, sender.headers(body, sender.secret));
        }),
      ),
    answered: '413 payload-too-large',
    stored: 'nothing',
  },
];

export const tickets: Family = {
  title: 'Ticketing systems',
  about:
    'ServiceNow and Zendesk go through the same verifiers as everybody who signs, passwords and texts in headers through one comparison. What is signed is acted on; what is not waits for a person, or is looked up.',
  attacks,
};
