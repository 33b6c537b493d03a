/** Requests that we would be made to send, and answers that would tell too much. */
import { expect } from 'vitest';
import { readConfig } from '../../../../shared/platform/config.ts';
import { jiraBody, jiraFields } from '../../../fixtures/ticketing/jira.ts';
import type { Attack, Family, Seen } from '../attack.ts';
import { KEYS } from '../secrets.ts';
import { as, from, hex, signed } from '../sending.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const rule = (stage: Stage, body: object) =>
  stage.request('POST', '/webhooks/jira', {
    body: JSON.stringify(body),
    headers: { ...JSON_TYPE, authorization: `Bearer ${KEYS.jiraToken}` },
  });

const notTrapped = {
  that: 'nobody came to the place that it would have led to',
  holds: ({ stage }: Seen) => expect(stage.trapped()).toBe(0),
};

const EMPLOYEE = '3f2d9a4e-5b1c-4d7e-8a90-1b2c3d4e5f60';

const attacks: Attack[] = [
  {
    rule: 'a vendor that redirects leads nowhere',
    sent: 'a signed delivery of Deel’s, whose API then answers with a redirect to an address inside',
    send: (stage) => {
      const resource = { id: EMPLOYEE };
      const body = JSON.stringify({ data: { meta: { event_type: 'employee.updated', tracking_id: 't-1' }, resource } });
      const headers = { ...JSON_TYPE, 'x-deel-signature': hex(KEYS.deel, `POST${body}`) };
      return stage.request('POST', '/webhooks/deel', { body, headers });
    },
    answered: '202',
    stored: 'a job: retrying (vendor-unavailable)',
    besides: notTrapped,
  },
  {
    rule: 'an address that was configured inside is not used',
    sent: 'a delivery to a source whose API was configured at `http://169.254.169.254/`',
    send: (stage) => stage.request('POST', '/webhooks/personio', { body: '{}', headers: JSON_TYPE }),
    answered: '503 unavailable',
    stored: 'nothing',
    besides: {
      that: 'nor does a function start that would call Conscent at `http://169.254.169.254/`, or at a URL with a password',
      holds: () => {
        for (const url of [
          'http://169.254.169.254/',
          'https://a:b@conscent.example/',
          'file:///etc/passwd',
          'https://a/?b',
        ])
          expect(() => readConfig({ ...process.env, CONSCENT_BASE_URL: url })).toThrow('CONSCENT_BASE_URL');
      },
    },
  },
  {
    rule: 'a ticket’s id is a name, and no path',
    sent: 'to Jira’s source, with its token: the keys `../../../admin`, `ONB-1/../../user`, `ONB-1?x=`, a URL, and one with a line break',
    send: async (stage) => {
      const keys = ['../../../admin', 'ONB-1/../../user', 'ONB-1?expand=all', stage.trapUrl, 'ONB-1\n'];
      return Promise.all(keys.map((key) => rule(stage, { key })));
    },
    answered: '202',
    stored: '5 jobs: needs-attention (unreadable)',
    besides: notTrapped,
  },
  {
    rule: 'what a user is looked up by is an id, and not `me`',
    sent: 'to Okta’s source, with its credential: the user ids `me`, `../apps`, `00u?x` and a URL',
    send: (stage) => {
      const events = ['me', '../apps', '00u?x', stage.trapUrl].map((id) => ({
        eventType: 'user.lifecycle.deactivate',
        target: [{ type: 'User', id }],
      }));
      const body = JSON.stringify({ eventType: 'com.okta.event_hook', eventId: 'evt-paths', data: { events } });
      return stage.request('POST', '/webhooks/okta', { body, headers: { ...JSON_TYPE, authorization: KEYS.okta } });
    },
    answered: '200',
    stored: '4 jobs: needs-attention (unreadable)',
    besides: notTrapped,
  },
  {
    rule: 'a reply goes where we have configured it',
    sent: 'a signed issue whose `self`, and whose reporter’s, are URLs of the attacker’s',
    given: (stage) => stage.vendor('jira/_tickets/ONB-60', jiraFields('New colleague', 'self@press.example')),
    send: async (stage) => {
      const fields = jiraFields('New colleague', 'self@press.example', { reporter: { self: stage.trapUrl } });
      const { issue, ...body } = jiraBody({ key: 'ONB-60', at: new Date().toISOString(), fields });
      const sent = JSON.stringify({ ...body, issue: { ...issue, self: `${stage.trapUrl}/rest/api/2/issue/1` } });
      const answer = await stage.request('POST', '/webhooks/jira', {
        body: sent,
        headers: { ...JSON_TYPE, 'x-hub-signature': `sha256=${hex(KEYS.jira, sent)}` },
      });
      const told = async () =>
        ((await stage.vendor('jira/_tickets/ONB-60'))['comments'] as unknown[] | undefined)?.length;
      await until(told, 1);
      return answer;
    },
    answered: '202',
    stored: 'a job: ignored (no-access)',
    besides: notTrapped,
  },
  {
    rule: 'an error tells what to do, and nothing of what was sent',
    sent: 'a body that breaks off, one of wrong types, and one of no known members, each with something private in it',
    send: async (stage, canary) => {
      const bodies = [
        `{"type":"onboard","person":{"email":"${canary}`,
        JSON.stringify({ type: canary, person: { email: canary, department: { a: canary } } }),
        JSON.stringify({ unknown: canary }),
      ];
      const sent = bodies.flatMap((body) => [
        stage.request('POST', '/events', { body, headers: from('writer') }),
        stage.request('POST', '/webhooks/standard-webhooks', { body, headers: signed(body) }),
      ]);
      return Promise.all(sent);
    },
    answered: '400 invalid-request',
    stored: '3 jobs: needs-attention (unreadable)',
    besides: {
      that: 'each job has the body’s hash and a pointer, and nothing else of it',
      holds: ({ jobs }) => {
        for (const job of jobs) expect(job.history[0]?.detail).toMatch(/^sha256 [0-9a-f]{64}; wrong at /);
      },
    },
  },
  {
    rule: 'who is known is not told to whoever guesses',
    sent: 'addresses and job ids that nobody has, and that could not be any, by a token that may read',
    send: (stage) =>
      Promise.all(
        ['/people/nobody@press.example', '/people/not-an-address', `/jobs/${'0'.repeat(32)}`, '/jobs/1'].map((path) =>
          stage.request('GET', path, { headers: as('auditor') }),
        ),
      ),
    answered: '404 not-found',
    stored: 'nothing',
    besides: {
      that: 'no answer says which of the two it was',
      holds: ({ answers }) => {
        const details = answers.map(({ text }) => (JSON.parse(text) as { detail: string }).detail);
        expect(new Set(details).size).toBe(2);
      },
    },
  },
  {
    rule: 'a fault of ours is not explained to others',
    sent: 'deliveries to the sources that are configured wrongly',
    send: (stage) =>
      Promise.all(
        ['factorial', 'personio'].map((source) =>
          stage.request('POST', `/webhooks/${source}`, { body: '{}', headers: JSON_TYPE }),
        ),
      ),
    answered: '503 unavailable',
    stored: 'nothing',
    besides: {
      that: 'no answer names the setting, a file or a service',
      holds: ({ answers }) => {
        for (const { text } of answers) expect(text).not.toMatch(/challenge|baseUrl|169\.254|stack|\.ts|aws|dynamo/i);
      },
    },
  },
];

export const addresses: Family = {
  title: 'Requests on our behalf, and answers that leak',
  about:
    'Only configured addresses are called, over https, and no redirect is followed. An answer is a problem of a closed list; an error’s own text stays in our log.',
  attacks,
};
