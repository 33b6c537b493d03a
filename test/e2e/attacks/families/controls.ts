/** What the attacks are made of, unchanged: let in, or nothing that is refused would mean anything. */
import { expect } from 'vitest';
import type { Attack, Family } from '../attack.ts';
import { KEYS } from '../secrets.ts';
import { as, from, hex, lines, signed } from '../sending.ts';

const PATH = '/webhooks/standard-webhooks';
const event = (email: string, canary = 'x') =>
  JSON.stringify({ type: 'onboard', person: { email, firstName: canary, department: 'Finance' } });

const ACCEPTED = { answered: '202', stored: 'a job: succeeded (created)' };

const attacks: Attack[] = [
  {
    rule: 'a signed delivery is acted upon',
    sent: 'an onboard, signed as Standard Webhooks has it, by a client',
    send: (stage, canary) => {
      const body = event('control1@press.example', canary);
      return stage.request('POST', PATH, { body, headers: signed(body) });
    },
    ...ACCEPTED,
  },
  {
    rule: 'and so it is over a socket',
    sent: 'the same, line by line',
    send: (stage, canary) => {
      const body = event('control2@press.example', canary);
      return stage.raw(...lines(`POST ${PATH}`, Object.entries(signed(body)), body));
    },
    ...ACCEPTED,
  },
  {
    rule: 'and so it is as AWS hands it on',
    sent: 'the same, in base64, to the handler in this process',
    send: (stage, canary) => {
      const body = event('control3@press.example', canary);
      return stage.invoke('webhooks', {
        route: 'POST /webhooks/{source}',
        params: { source: 'standard-webhooks' },
        headers: signed(body),
        body: Buffer.from(body).toString('base64'),
        isBase64Encoded: true,
      });
    },
    ...ACCEPTED,
  },
  {
    rule: 'a sender of a scheme of its own is let in by it',
    sent: 'a delivery with a good `X-Hub-Signature-256`',
    send: (stage) => {
      const body = '{"id":"c-1","what":"change","mail":"control4@press.example"}';
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${hex(KEYS.github, body)}` };
      return stage.request('POST', '/webhooks/generic/signed', { body, headers });
    },
    answered: '202',
    stored: 'a job: ignored (no-access)',
  },
  {
    rule: 'a token opens what its scopes name',
    sent: 'an event by a writer, a list by an auditor, a person by the desk',
    send: async (stage) => [
      await stage.request('POST', '/events', {
        body: event('control5@press.example'),
        headers: { ...from('writer'), prefer: 'wait=25' },
      }),
      await stage.raw(...lines('GET /jobs?status=succeeded', Object.entries(as('auditor')))),
      await stage.invoke('people', {
        route: 'GET /people/{email}',
        params: { email: 'control5@press.example' },
        headers: as('desk'),
      }),
    ],
    answered: '200',
    stored: 'a job: succeeded (created)',
    besides: {
      that: 'each of the five has an account, or none, as the policy says',
      holds: async ({ stage }) => {
        const emails = (await stage.users()).map(({ email }) => email).filter((email) => email.startsWith('control'));
        expect(emails.sort()).toEqual([1, 2, 3, 5].map((one) => `control${one}@press.example`));
      },
    },
  },
];

export const controls: Family = {
  title: 'What is let in',
  about: 'The attacks below are made of these, with something changed.',
  attacks,
};
