/** Headers that say two things, or more than a header may. */
import { expect } from 'vitest';
import type { Answer, Attack, Family } from '../attack.ts';
import { as, type Field, from, lines, signed } from '../sending.ts';

const event = (canary: string) =>
  JSON.stringify({
    type: 'onboard',
    person: { email: 'mallory@press.example', firstName: canary, department: 'Finance' },
  });

/** A signed delivery whose headers are changed on their way. */
const delivery =
  (...changes: ((good: Field[]) => Field[])[]): Attack['send'] =>
  async (stage, canary) => {
    const body = event(canary);
    const answers: Answer[] = [];
    for (const change of changes) {
      const fields = change(Object.entries(signed(body)));
      answers.push(await stage.raw(...lines('POST /webhooks/standard-webhooks', fields, body)));
    }
    return answers;
  };

const BAD = `v1,${'A'.repeat(43)}=`;
const twice =
  (name: string, value: string) =>
  (good: Field[]): Field[] => [...good, [name, value]];
const joined =
  (name: string, join: (value: string) => string) =>
  (good: Field[]): Field[] =>
    good.map(([one, value]) => [one, one === name ? join(value) : value]);

const attacks: Attack[] = [
  {
    rule: 'a signature that comes twice is none',
    sent: 'the signature’s header twice: a good and a bad one, in either order; both in one header, joined by a comma',
    send: delivery(
      twice('webhook-signature', BAD),
      (good) => [['webhook-signature', BAD], ...good],
      joined('webhook-signature', (value) => `${BAD},${value}`),
      joined('webhook-signature', (value) => `${value}, ${BAD}`),
    ),
    answered: '401 invalid-signature',
    stored: 'nothing',
  },
  {
    rule: 'an id or a time that comes twice is not what was signed',
    sent: 'a second `webhook-id`, and a second `webhook-timestamp`',
    send: delivery(twice('webhook-id', 'msg-other'), twice('webhook-timestamp', '1')),
    answered: '401 invalid-signature',
    stored: 'nothing',
  },
  {
    rule: 'two families of headers are not mixed',
    sent: '`svix-*` headers beside the good `webhook-*`; a good signature in the one and the rest in the other',
    send: delivery(twice('svix-id', 'msg-other'), (good) =>
      good.map(([name, value]) => [name === 'webhook-signature' ? 'svix-signature' : name, value]),
    ),
    answered: '401 invalid-signature',
    stored: 'nothing',
  },
  {
    rule: 'a name that only looks like a header’s is another header',
    sent: '`webhook_signature`, and `X-Webhook-Signature`, with the good value',
    send: delivery(
      (good) => good.map(([name, value]) => [name.replace('webhook-signature', 'webhook_signature'), value]),
      (good) => good.map(([name, value]) => [name.replace('webhook-signature', 'X-Webhook-Signature'), value]),
    ),
    answered: '401 invalid-signature',
    stored: 'nothing',
  },
  {
    rule: 'two tokens are none',
    sent: '`Authorization` twice, a good and a bad one, in either order; both in one header',
    send: async (stage) => {
      const good: Field = ['Authorization', `${as('auditor')['authorization']}`];
      const bad: Field = ['Authorization', 'Bearer guessed'];
      const both: Field[][] = [[good, bad], [bad, good], [['Authorization', `${good[1]}, ${bad[1]}`]]];
      const answers: Answer[] = [];
      for (const fields of both) answers.push(await stage.raw(...lines('GET /jobs?status=queued', fields)));
      return answers;
    },
    answered: '401 unauthorized',
    stored: 'nothing',
  },
  {
    rule: 'a request has one length',
    sent: 'two `Content-Length`; `Content-Length` and `Transfer-Encoding` with a second request in the body; a space before a colon',
    send: async (stage, canary) => {
      const hidden = `0\r\n\r\n${lines('POST /guard/pause', [['Authorization', `${as('operator')['authorization']}`]]).join('\r\n')}`;
      const chunked: Field[] = [['Transfer-Encoding', 'chunked'], ...Object.entries(from('writer'))];
      return [
        await stage.raw(
          ...lines('POST /events', [['Content-Length', '5'], ...Object.entries(from('writer'))], event(canary)),
        ),
        await stage.raw(...lines('POST /events', chunked, hidden)),
        await stage.raw(
          ...lines('POST /events', [['Authorization ', 'x'], ...Object.entries(from('writer'))], event(canary)),
        ),
      ];
    },
    answered: '400 by the gateway',
    stored: 'nothing',
    besides: {
      that: 'nothing was paused by the second request',
      holds: async ({ stage }) => {
        const asked = { type: 'onboard', person: { email: 'after@press.example' } };
        const body = JSON.stringify(asked);
        const answer = await stage.request('POST', '/events?dryRun=true', { body, headers: from('writer') });
        expect(answer.text).not.toContain('paused');
      },
    },
  },
  {
    rule: 'a header does not change the method, the path or who is calling',
    sent: 'a `GET /guard/pause` with `X-HTTP-Method-Override: POST`, `X-Original-URL`, `X-Forwarded-User` and a token for all of it',
    send: (stage) =>
      stage.request('GET', '/guard/pause', {
        headers: {
          ...as('operator'),
          'x-http-method-override': 'POST',
          'x-original-url': '/guard/pause',
          'x-forwarded-user': 'admin',
        },
      }),
    answered: '405 method-not-allowed',
    stored: 'nothing',
  },
  {
    rule: 'a type that comes twice is none',
    sent: '`Content-Type: application/json` and `text/plain`, with a token',
    send: (stage, canary) => {
      const fields: Field[] = [...Object.entries(from('writer')), ['Content-Type', 'text/plain']];
      return stage.raw(...lines('POST /events', fields, event(canary)));
    },
    answered: '415 unsupported-media-type',
    stored: 'nothing',
  },
];

export const headers: Family = {
  title: 'Smuggled headers',
  about:
    'Of two headers of one name API Gateway makes one, joined by a comma; the local gateway is made to do the same. What is not exactly the grammar of its header is refused.',
  attacks,
};
