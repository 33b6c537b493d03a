/** Line breaks in whatever reaches a header or a log line. */
import { expect } from 'vitest';
import type { Attack, Family } from '../attack.ts';
import { KEYS } from '../secrets.ts';
import { from } from '../sending.ts';
import type { Stage } from '../stage.ts';

const EVENT = JSON.stringify({ type: 'offboard', person: { email: 'mallory@press.example' } });
const CRLF = 'x\r\nset-cookie: stolen=1\r\n\r\n{"forged":true}';

/** Handed on as API Gateway would: no client, and no local gateway, sends a line break in a header. */
const withHeader = (stage: Stage, name: string, more: Record<string, string> = {}) =>
  stage.invoke('events', {
    route: 'POST /events',
    headers: { ...from('writer'), ...more, [name]: CRLF },
    body: EVENT,
  });

const attacks: Attack[] = [
  {
    rule: 'a line break in a header ends nothing',
    sent: 'CRLF and a header of one’s own in `Idempotency-Key`, `Authorization` and `Content-Type`, as AWS would hand them on',
    send: async (stage) => [
      await withHeader(stage, 'idempotency-key'),
      await withHeader(stage, 'authorization'),
      await withHeader(stage, 'content-type'),
    ],
    answered: '400 invalid-request, 401 unauthorized, 415 unsupported-media-type',
    stored: 'nothing',
    besides: {
      that: 'no answer has the header, and no log line begins with it',
      holds: ({ stage, answers }) => {
        for (const { headers } of answers) expect(JSON.stringify(headers)).not.toMatch(/stolen|\\r|\\n/);
        expect(stage.everything().logs).not.toContain('stolen=1');
      },
    },
  },
  {
    rule: 'a line break in a body’s text is no text',
    sent: 'CRLF in every text of an event: both addresses, ids, attributes, reference, reason, role, zone and dates',
    send: (stage) => {
      const person = Object.fromEntries(
        ['email', 'previousEmail', 'externalId', 'department', 'jobTitle', 'location', 'employmentType'].map((name) => [
          name,
          CRLF,
        ]),
      );
      const said = {
        type: 'change',
        person: { ...person, attributes: { desk: CRLF } },
        access: { profile: CRLF, until: CRLF },
      };
      const body = JSON.stringify({
        ...said,
        reference: CRLF,
        reason: CRLF,
        timeZone: CRLF,
        effectiveAt: CRLF,
        occurredAt: CRLF,
      });
      return stage.request('POST', '/events', { body, headers: from('writer') });
    },
    answered: '400 invalid-request',
    stored: 'nothing',
    besides: {
      that: 'all fifteen are pointed at, and none is quoted',
      holds: ({ answers }) => {
        const { errors } = JSON.parse(answers[0]?.text ?? '{}') as { errors: object[] };
        expect(errors).toHaveLength(15);
        expect(answers[0]?.text).not.toContain('stolen');
      },
    },
  },
  {
    rule: 'a challenge is echoed to whoever holds the credential, and never with a line break',
    sent: 'Okta’s handshake by a stranger, with the credential of another sender, and with CRLF in the challenge',
    send: async (stage) => {
      const ask = (headers: Record<string, string>) =>
        stage.invoke('webhooks', { route: 'GET /webhooks/{source}', params: { source: 'okta' }, headers });
      return [
        await ask({ 'x-okta-verification-challenge': 'abc' }),
        await ask({ authorization: KEYS.jiraToken, 'x-okta-verification-challenge': 'abc' }),
        await ask({ authorization: KEYS.okta, 'x-okta-verification-challenge': CRLF }),
      ];
    },
    answered: '401 invalid-signature, 400 invalid-request',
    stored: 'nothing',
  },
];

export const lineBreaks: Family = {
  title: 'Line breaks',
  about:
    'A text of an event has no control characters, a header is of its grammar, and a log line is JSON of codes and ids.',
  attacks,
};
