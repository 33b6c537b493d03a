/** Events that would make one person of two, or carry an account to another. */
import { expect } from 'vitest';
import type { Attack, Family } from '../attack.ts';
import { as, from } from '../sending.ts';
import { FINANCE, holding, hr, say, stays, victim } from '../victims.ts';

const CONFLICT = { answered: '202', stored: 'a job: needs-attention (identity-conflict)' };

const attacks: Attack[] = [
  {
    rule: 'a leaver’s employee id does not carry their account to another address',
    sent: 'an onboard with a leaver’s `externalId` and an address of the attacker’s, signed by the same HR system',
    given: victim('ida@press.example', 'emp-1'),
    send: (stage) => hr(stage, 'onboard', { email: 'mallory1@press.example', externalId: 'emp-1', ...FINANCE }),
    ...CONFLICT,
    besides: stays('ida@press.example', false),
  },
  {
    rule: 'an event that names two people changes neither',
    sent: 'a change with one person’s `externalId` and another’s `email`',
    given: async (stage) => {
      await victim('jon@press.example', 'emp-2', false)(stage);
      await victim('kai@press.example', 'emp-3', false)(stage);
    },
    send: (stage) => hr(stage, 'change', { email: 'kai@press.example', externalId: 'emp-2', department: 'Growth' }),
    ...CONFLICT,
    besides: stays('kai@press.example', true),
  },
  {
    rule: 'a former address does not take over the account behind it',
    sent: 'a change of one’s own address whose `previousEmail` is a colleague’s',
    given: async (stage) => {
      await victim('lea@press.example', 'emp-4', false)(stage);
      await victim('max@press.example', 'emp-5', false)(stage);
    },
    send: (stage) => hr(stage, 'change', { email: 'max@press.example', previousEmail: 'lea@press.example' }),
    ...CONFLICT,
    besides: stays('lea@press.example', true),
  },
  {
    rule: 'an employee id means nothing to another source',
    sent: 'by `POST /events`, an offboard with the `externalId` that an HR system gave a colleague',
    given: victim('nia@press.example', 'emp-6', false),
    send: (stage) => say(stage, 'offboard', { externalId: 'emp-6' }),
    answered: '200',
    stored: 'a job: succeeded (unchanged)',
    besides: stays('nia@press.example', true),
  },
  {
    rule: 'a look-alike is nobody’s address',
    sent: 'addresses with the Kelvin sign, a Cyrillic а, a full-width ＠, a soft hyphen, a display name, and two of them at once',
    given: victim('kim@press.example', 'emp-9', false),
    send: (stage) =>
      Promise.all(
        [
          '\u212Aim@press.example',
          'kim@press.ex\u0430mple',
          'kim\uFF20press.example',
          'k\u00ADim@press.example',
          'Kim <kim@press.example>',
          'kim@press.example,mallory@press.example',
        ].map((email) => say(stage, 'offboard', { email })),
      ),
    answered: '400 invalid-request',
    stored: 'nothing',
    besides: stays('kim@press.example', true),
  },
  {
    rule: 'capitals make nobody else',
    sent: 'an onboard of ` SAM@Press.Example ` beside sam@press.example',
    given: victim('sam@press.example', 'emp-10', false),
    send: (stage) => say(stage, 'onboard', { email: ' SAM@Press.Example ', ...FINANCE }),
    answered: '200',
    stored: 'a job: succeeded (unchanged)',
    besides: {
      that: 'there is one account',
      holds: async ({ stage }) =>
        expect((await stage.users()).filter(({ email }) => /^sam@/i.test(email))).toHaveLength(1),
    },
  },
  {
    rule: 'a userId is one person’s',
    sent: 'the link of a colleague’s account to oneself, by a token that may link, and by an import',
    given: async (stage) => {
      await victim('tom@press.example', 'emp-11', false)(stage);
      await say(stage, 'change', { email: 'uma@press.example' });
    },
    send: async (stage) => {
      const userId = (await stage.users()).find(({ email }) => email === 'tom@press.example')?.userId ?? '';
      const line = JSON.stringify({ email: 'uma@press.example', userId });
      const headers = { ...as('desk'), 'content-type': 'application/x-ndjson' };
      return [
        await stage.request('PUT', '/people/uma@press.example/account', {
          body: JSON.stringify({ userId }),
          headers: from('desk'),
        }),
        await stage.request('POST', '/people/import', { body: line, headers }),
      ];
    },
    answered: '422 user-id-taken, 200',
    stored: 'nothing',
    besides: {
      that: 'the line of the import is `failed`, and the account is as it was',
      holds: async ({ stage, answers }) => {
        expect(answers[1]?.text).toContain('"status":"failed"');
        await holding(stage, 'tom@press.example', true);
      },
    },
  },
];

export const identities: Family = {
  title: 'Taking over an account',
  about:
    'Whom an event is about is decided by addresses and by (source, employee id); what would make one person of two waits for a person.',
  attacks,
};
