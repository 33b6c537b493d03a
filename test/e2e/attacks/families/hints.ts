/** What comes from somebody who does not sign: whoever knows the credential could say anything, so the vendor is asked. */
import { expect } from 'vitest';
import { jiraBody, jiraFields } from '../../../fixtures/ticketing/jira.ts';
import { oktaBody, oktaEvent } from '../../../fixtures/ticketing/okta.ts';
import type { Attack, Family } from '../attack.ts';
import { JIRA_BOT, KEYS } from '../secrets.ts';
import { hex } from '../sending.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

const post = (stage: Stage, source: string, body: object | string, headers: Record<string, string>) =>
  stage.request('POST', `/webhooks/${source}`, {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

/** What a rule of Automation sends. */
const rule = (stage: Stage, body: object) => post(stage, 'jira', body, { authorization: `Bearer ${KEYS.jiraToken}` });
const okta = (stage: Stage, type: string, id: string) =>
  post(stage, 'okta', oktaBody([oktaEvent(type, id)], `evt-${id}-${type}`), { authorization: KEYS.okta });

/** An issue as it is at Jira. */
const issue = (stage: Stage, key: string, email: string, status = 'Approved') =>
  stage.vendor(
    `jira/_tickets/${key}`,
    jiraFields('New colleague', email, { status: { name: status }, customfield_10105: { value: 'finance' } }),
  );
const comments = async (stage: Stage, key: string) =>
  ((await stage.vendor(`jira/_tickets/${key}`))['comments'] ?? []) as { text: string }[];

const noAccount = (email: string) => ({
  that: 'nobody gets an account',
  holds: async ({ stage }: { stage: Stage }) =>
    expect((await stage.users()).map((user) => user.email)).not.toContain(email),
});

const attacks: Attack[] = [
  {
    rule: 'a ticket that is not at its vendor’s is no ticket',
    sent: 'Jira’s Automation, with its token: an onboard with a reference that no issue has',
    send: (stage) =>
      rule(stage, {
        type: 'onboard',
        person: { email: 'forged1@press.example' },
        access: { profile: 'finance' },
        reference: 'ONB-404',
      }),
    answered: '202',
    stored: 'a job: needs-attention (ticket-not-found)',
    besides: noAccount('forged1@press.example'),
  },
  {
    rule: 'what a ticket says is asked of its vendor, not of the sender',
    sent: 'the key of an approved issue, with another address, and no profile, in what is sent',
    given: (stage) => issue(stage, 'ONB-50', 'asked@press.example'),
    send: (stage) =>
      rule(stage, { issue: { key: 'ONB-50', fields: jiraFields('New colleague', 'forged2@press.example') } }),
    answered: '202',
    stored: 'a job: succeeded (created)',
    besides: {
      that: 'the job and the account are of the address in the issue',
      holds: async ({ stage, jobs }) => {
        expect(jobs[0]?.email).toBe('asked@press.example');
        expect((await stage.users()).map((user) => user.email)).not.toContain('forged2@press.example');
      },
    },
  },
  {
    rule: 'nobody approves their own request by saying so',
    sent: 'an issue that waits for approval, sent as approved',
    given: (stage) => issue(stage, 'ONB-51', 'waiting@press.example', 'Waiting for approval'),
    send: (stage) =>
      rule(stage, { issue: { key: 'ONB-51', fields: jiraFields('New colleague', 'waiting@press.example') } }),
    answered: '202',
    stored: 'a job: ignored (unsupported)',
    besides: noAccount('waiting@press.example'),
  },
  {
    rule: 'a signature that is there must be right, whatever else is',
    sent: 'Jira’s good token beside a bad signature; a wrong token; no credential',
    send: async (stage, canary) => {
      const body = { key: 'ONB-50', note: canary };
      return [
        await post(stage, 'jira', body, {
          authorization: `Bearer ${KEYS.jiraToken}`,
          'x-hub-signature': `sha256=${'0'.repeat(64)}`,
        }),
        await post(stage, 'jira', body, { authorization: 'Bearer guessed' }),
        await post(stage, 'jira', body, {}),
        await post(stage, 'okta', oktaBody([]), { authorization: 'guessed' }),
      ];
    },
    answered: '401 invalid-signature',
    stored: 'nothing',
  },
  {
    rule: 'a forged hint stops nobody',
    sent: 'Okta’s event hook, with its credential: somebody active is said to be deactivated',
    given: (stage) => stage.vendor('okta/_users/00u5factive000000001', { profile: { email: 'active@press.example' } }),
    send: (stage) => okta(stage, 'user.lifecycle.deactivate', '00u5factive000000001'),
    answered: '200',
    stored: 'a job: ignored (no-access)',
    besides: {
      that: 'it was looked up, and is a change',
      holds: ({ jobs }) => expect(jobs[0]?.type).toBe('change'),
    },
  },
  {
    rule: 'a forged hint brings nobody back',
    sent: 'the same hook: somebody suspended is said to be activated',
    given: (stage) =>
      stage.vendor('okta/_users/00u5fgone00000000001', {
        status: 'SUSPENDED',
        profile: { email: 'gone@press.example' },
      }),
    send: (stage) => okta(stage, 'user.lifecycle.activate', '00u5fgone00000000001'),
    answered: '200',
    stored: 'a job: succeeded (unchanged)',
    besides: {
      that: 'it was looked up, and is an offboard; nobody gets an account',
      holds: async ({ stage, jobs }) => {
        expect(jobs[0]?.type).toBe('offboard');
        expect((await stage.users()).map(({ email }) => email)).not.toContain('gone@press.example');
      },
    },
  },
  {
    rule: 'whoever can neither sign nor be asked is not believed',
    sent: 'an onboard to a generic source with a bearer token, with the right one',
    send: (stage) =>
      post(
        stage,
        'generic/believed',
        { id: 'b-1', what: 'onboard', mail: 'forged3@press.example' },
        { authorization: `Bearer ${KEYS.bearer}` },
      ),
    answered: '202',
    stored: 'a job: needs-attention (unconfirmed)',
    besides: noAccount('forged3@press.example'),
  },
  {
    rule: 'our own reply is no news',
    sent: 'Jira’s signed webhook of the comment that we wrote, and the rule of Automation that it sets off',
    given: async (stage) => {
      await issue(stage, 'ONB-52', 'replied@press.example');
      await rule(stage, { key: 'ONB-52' });
      await until(async () => (await comments(stage, 'ONB-52')).length, 1);
    },
    send: async (stage) => {
      const fields = jiraFields('New colleague', 'replied@press.example');
      const body = JSON.stringify(jiraBody({ key: 'ONB-52', at: new Date().toISOString(), fields, user: JIRA_BOT }));
      const headers = { 'x-hub-signature': `sha256=${hex(KEYS.jira, body)}`, 'x-atlassian-webhook-identifier': 'own' };
      return [await post(stage, 'jira', body, headers), await rule(stage, { key: 'ONB-52' })];
    },
    answered: '202',
    stored: 'a job: ignored (unsupported)',
    besides: {
      that: 'the issue has one comment, as before',
      holds: async ({ stage }) => expect(await comments(stage, 'ONB-52')).toHaveLength(1),
    },
  },
  {
    rule: 'we hold no conversation with ourselves',
    sent: 'by a rule that fires on comments, twice, an issue that cannot be read and has been told so',
    given: async (stage) => {
      await issue(stage, 'ONB-53', 'no address');
      await rule(stage, { key: 'ONB-53' });
      await until(async () => (await comments(stage, 'ONB-53')).length, 1);
    },
    send: async (stage) => [await rule(stage, { key: 'ONB-53' }), await rule(stage, { key: 'ONB-53' })],
    answered: '202',
    stored: '2 jobs: needs-attention (ticket-unreadable)',
    besides: {
      that: 'the issue has one comment, as before',
      holds: async ({ stage, jobs }) => {
        const said = async () => (await stage.jobs()).filter(({ jobId }) => jobs.some((one) => one.jobId === jobId));
        await until(async () => (await said()).every(({ history }) => history.length > 2), true);
        expect(await comments(stage, 'ONB-53')).toHaveLength(1);
      },
    },
  },
  {
    rule: 'what needs no signature does nothing',
    sent: 'HiBob’s ping, unsigned; the ping with an event beside it; Gusto’s handshake while none is pending',
    send: async (stage) => [
      await post(stage, 'hibob', { text: 'Ping test' }, {}),
      await post(stage, 'hibob', { text: 'Ping test', type: 'employee.joined', data: { employeeId: '1' } }, {}),
      await post(stage, 'gusto', { verification_token: 'guessed' }, {}),
    ],
    answered: '200, 401 invalid-signature',
    stored: 'nothing',
  },
];

export const hints: Family = {
  title: 'Unsigned hints, and our own words',
  about:
    'What is not signed names somebody, and no more: their record is fetched with a credential of our own, and what stands there counts.',
  attacks,
};
