/** Events that would bring somebody back who has left, or out-date whatever follows. */
import type { Attack, Family } from '../attack.ts';
import { daysAgo, FINANCE, holding, hr, say, stays, victim } from '../victims.ts';

const attacks: Attack[] = [
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
];

export const returns: Family = {
  title: 'Coming back, and dates',
  about:
    'An end is undone only by whoever stated it, or by an operator. What says that it happened later than our clock counts as said now.',
  attacks,
};
