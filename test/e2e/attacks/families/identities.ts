/** Events that would make one person of two, or bring somebody back who has left. */
import { expect } from 'vitest';
import type { Attack, Family, Seen } from '../attack.ts';
import { as, from, signed } from '../sending.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

const WAIT = { prefer: 'wait=10' };

/** What an operator says, worked on before it is answered. */
const say = (stage: Stage, type: string, person: object, more: object = {}) =>
  stage.request('POST', '/events', {
    body: JSON.stringify({ type, person, ...more }),
    headers: { ...from('operator'), ...WAIT },
  });

/** What an HR system says. */
const hr = (stage: Stage, type: string, person: object, more: object = {}) => {
  const body = JSON.stringify({ type, person, ...more });
  return stage.request('POST', '/webhooks/standard-webhooks', { body, headers: signed(body) });
};

const FINANCE = { department: 'Finance' };
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** Waits until an account holds something, or nothing. */
async function holding(stage: Stage, email: string, holds: boolean): Promise<void> {
  await until(async () => {
    const user = (await stage.users()).find((one) => one.email === email);
    return Object.values(user?.permissions ?? {}).some(Boolean);
  }, holds);
}

/** Somebody whom HR has hired, and then, unless told otherwise, seen leave. */
const victim =
  (email: string, externalId: string, hasLeft = true) =>
  async (stage: Stage) => {
    await hr(stage, 'onboard', { email, externalId, ...FINANCE }, { occurredAt: daysAgo(1) });
    await holding(stage, email, true);
    if (hasLeft) await hr(stage, 'offboard', { email });
    if (hasLeft) await holding(stage, email, false);
  };

const stays = (email: string, holds: boolean) => ({
  that: holds ? 'the victim’s account is as it was' : 'the leaver holds nothing',
  holds: async ({ stage }: Seen) => {
    await holding(stage, email, holds);
    expect((await stage.users()).some((one) => /mallory/.test(one.email))).toBe(false);
  },
});

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
    rule: 'a leaver stays one until whoever said so says otherwise',
    sent: 'an onboard from HR of somebody whose end an operator has stated',
    given: async (stage) => {
      await victim('ole@press.example', 'emp-7', false)(stage);
      await say(stage, 'offboard', { email: 'ole@press.example' });
      await holding(stage, 'ole@press.example', false);
    },
    send: (stage) => hr(stage, 'onboard', { email: 'ole@press.example', externalId: 'emp-7', ...FINANCE }),
    answered: '202',
    stored: 'a job: needs-attention (ended-elsewhere)',
    besides: stays('ole@press.example', false),
  },
  {
    rule: 'an old onboard does not undo a newer end',
    sent: 'an onboard of two days ago, signed now, after the offboard',
    given: victim('pia@press.example', 'emp-8'),
    send: (stage) => hr(stage, 'onboard', { email: 'pia@press.example', ...FINANCE }, { occurredAt: daysAgo(2) }),
    answered: '202',
    stored: 'a job: ignored (stale)',
    besides: stays('pia@press.example', false),
  },
  {
    rule: 'nothing that is said today is newer than what is said tomorrow',
    sent: 'an onboard that says `occurredAt` is in 2099; the offboard comes a moment later',
    send: async (stage) => {
      const person = { email: 'quinn@press.example', ...FINANCE };
      const first = await say(stage, 'onboard', person, { occurredAt: '2099-01-01T00:00:00Z' });
      return [first, await say(stage, 'offboard', { email: 'quinn@press.example' })];
    },
    answered: '200',
    stored: '2 jobs: succeeded (created), succeeded (revoked)',
    besides: stays('quinn@press.example', false),
  },
  {
    rule: 'a date beyond all calendars is none',
    sent: '`effectiveAt` in 2201, 9999 and 0000, `until` on 30 February, `occurredAt` without an offset',
    send: (stage) =>
      Promise.all(
        [
          { effectiveAt: '2201-01-01' },
          { effectiveAt: '9999-12-31' },
          { effectiveAt: '0000-00-00' },
          { access: { profile: 'finance', until: '2026-02-30' } },
          { occurredAt: '2026-01-01T00:00:00' },
        ].map((more) => say(stage, 'onboard', { email: 'rae@press.example' }, more)),
      ),
    answered: '400 invalid-request',
    stored: 'nothing',
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
    sent: 'the link of a colleague’s account to oneself, by an operator’s token, and by an import',
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
  title: 'Taking over an account, or coming back',
  about:
    'Whom an event is about is decided by addresses and by (source, employee id); what would make one person of two, or undo an end, waits for a person.',
  attacks,
};
