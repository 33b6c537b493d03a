/** Jira from its issues to the dashboard and back. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import { accept } from '../../../shared/intake/accept.ts';
import { retryJob } from '../../../shared/operate/change-job.ts';
import { jira } from '../../../shared/sources/ticketing/jira.ts';
import { about, post } from '../../fakes/post.ts';
import { jiraFake, jiraId } from '../../fakes/vendors/jira.ts';
import { commentsOf } from '../../fakes/vendors/vendor.ts';
import {
  JIRA_BOT,
  JIRA_TOKEN,
  jiraBody,
  jiraFields,
  jiraHeaders,
  jiraSample,
  jiraSettings,
} from '../../fixtures/ticketing/jira.ts';
import { DAY, useVendor, wire } from '../stage.ts';
import { ANA, CANNOT_ASK, NEWSROOM, TREASURY } from './desk.ts';
import { keepTicketRules } from './ticket-rules.ts';

const NORA = 'nora@press.example';
const vendor = useVendor({ make: jira, fake: () => jiraFake(), settings: jiraSettings });

function road(settings: object = {}) {
  const made = vendor.road(settings);
  let sent = 0;
  const issue = (key: string) => vendor.fake.records.get(key);
  /** Somebody edits an issue. */
  const edit = (key: string, fields: object) => vendor.fake.records.set(key, { ...issue(key), ...fields });
  /** An admin webhook tells of an issue as it is. */
  const webhook = (key: string, more: { user?: string; identifier?: string; at?: string } = {}, seconds = 4) =>
    made.deliver((at) => {
      sent += 1;
      const { comments, ...fields } = issue(key) ?? {};
      const body = JSON.stringify(jiraBody({ key, id: jiraId(key, issue(key)), at, fields, ...more }));
      return { headers: jiraHeaders(body, more.identifier ?? `delivery-${sent}`), body: wire(body) };
    }, seconds);
  /** Automation names an issue, and says something of it. */
  const request = (body: object, seconds = 4) =>
    made.deliver({ headers: { authorization: `Bearer ${JIRA_TOKEN}` }, body: wire(body) }, seconds);
  const heard = (key: string) => commentsOf(issue(key)).map(({ text }) => text);
  /** HR says that somebody works in the newsroom. */
  const employ = async (email: string) => {
    const event = { type: 'onboard' as const, person: { email, department: 'Newsroom' } };
    const receivedAt = made.world.clock.now();
    const hr = { source: 'hr', authority: ['employment', 'attributes'] as const, requestHash: null, receivedAt };
    await accept(made.world, [{ kind: 'event', event }], { ...hr, deliveryId: `hr-${email}`, seed: `hr-${email}` });
    await made.world.runFor(1);
  };
  return { ...made, edit, issue, webhook, request, heard, employ };
}

const REQUESTS = { hire: 'New colleague', more: 'More access', leave: 'Colleague leaves', other: 'New laptop' };
keepTicketRules({
  ...{ vendor, sample: jiraSample, ticket: 'REQ-1', reference: 'REQ-1', emailAt: '/fields/customfield_10101' },
  told: (number = 1) => commentsOf(vendor.fake.records.get(`REQ-${number}`)).map(({ text }) => text),
  write: ({ ticket = 1, what = 'hire', email = ANA, profile = 'newsroom', day, isApproved = true }) => {
    const asked = jiraFields(REQUESTS[what], email, {
      status: { name: isApproved ? 'Approved' : 'Waiting for approval' },
      customfield_10102: day ?? null,
      customfield_10105: { value: profile },
    });
    vendor.fake.records.set(`REQ-${ticket}`, { ...vendor.fake.records.get(`REQ-${ticket}`), ...asked });
  },
  road: (settings) => {
    const made = road(settings);
    return { ...made, name: async (number) => (await made.request({ key: `REQ-${number}` }))[0] };
  },
});

describe('an approved issue', () => {
  it('gives a grant to somebody who works here, and hears that it was done', async () => {
    const { edit, webhook, employ, access, heard, issue } = road();
    await employ(NORA);
    edit('REQ-4', jiraFields('More access', NORA, { customfield_10105: { value: 'treasury' } }));
    const [job] = await webhook('REQ-4');
    expect(job).toMatchObject({ type: 'change', reference: 'REQ-4', outcome: 'updated' });
    expect(access().map((held) => held.toSorted())).toEqual([[...NEWSROOM, ...TREASURY].sort()]);
    expect(heard('REQ-4')).toEqual([`The Conscent access has been changed. (conscent-lifecycle job ${job?.jobId})`]);
    expect(issue('REQ-4')).toMatchObject({ status: { name: 'Done' }, comments: [{ isInternal: true }] });
  });

  it('takes a leaver’s access away, on the day that it names', async () => {
    const { world, edit, webhook, employ, access, heard } = road();
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA, { customfield_10102: '2026-03-04' }));
    expect(await webhook('OFF-3')).toMatchObject([{ type: 'offboard', status: 'scheduled' }]);
    expect(heard('OFF-3')).toEqual([]);
    await world.runFor(3 * DAY);
    expect(access()).toEqual([[]]);
    expect(heard('OFF-3')).toEqual([expect.stringContaining('All access to Conscent has been taken away.')]);
  });

  it('is acted on once it is approved, and not before', async () => {
    const { edit, webhook, request, employ, access } = road();
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA, { status: { name: 'Waiting for approval' } }));
    expect(await webhook('OFF-3')).toEqual([]);
    expect(await request({ key: 'OFF-3' })).toMatchObject([{ status: 'ignored', outcome: 'unsupported' }]);
    expect(access()).toEqual([NEWSROOM]);
    edit('OFF-3', { status: { name: 'Approved' } });
    expect(await request({ key: 'OFF-3' })).toMatchObject([{ outcome: 'revoked' }]);
  });

  it('that a rule’s request tells of is fetched, and what was sent does not count', async () => {
    const { edit, request, employ, access, world } = road();
    await employ(NORA);
    await employ('tor@press.example');
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    const forged = { type: 'offboard', person: { email: 'tor@press.example' }, reference: 'OFF-3' };
    expect(await request(forged)).toMatchObject([{ type: 'offboard', email: NORA, outcome: 'revoked' }]);
    expect(access()).toEqual([[], NEWSROOM]);
    expect(JSON.stringify(world.allJobs().filter(({ source }) => source === 'jira'))).not.toContain('tor@');
  });

  it('is asked for no more than is read', async () => {
    const { edit, request } = road();
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    await request({ key: 'OFF-3' });
    const [asked] = vendor.asked;
    expect(asked?.query.get('fields')?.split(',').sort()).toEqual([
      'customfield_10010',
      'customfield_10101',
      'customfield_10102',
      'customfield_10104',
      'customfield_10105',
      'status',
    ]);
  });
});

describe('an issue that cannot be fetched', () => {
  it('because it is gone changes nothing and needs a person', async () => {
    const { request, employ, access } = road();
    await employ(NORA);
    expect(await request({ type: 'offboard', person: { email: NORA }, reference: 'OFF-9' })).toMatchObject([
      { status: 'needs-attention', error: { code: 'ticket-not-found' }, reference: 'OFF-9', email: null },
    ]);
    expect(access()).toEqual([NEWSROOM]);
  });

  it.each<[string, number, string]>([
    ['Jira is down', 503, 'vendor-unavailable'],
    ['our token is not accepted', 401, 'vendor-unauthorized'],
  ])('because %s is fetched again', async (_, status, code) => {
    const { world, edit, request, employ, access } = road();
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    vendor.fake.fail({ status, times: 2 });
    expect(await request({ key: 'OFF-3' })).toMatchObject([{ status: 'retrying', error: { code } }]);
    await world.runFor(60);
    expect(access()).toEqual([[]]);
  });

  it('because it says nothing that can be read needs a person, and is fetched again when they retry', async () => {
    const { world, edit, request, employ, access, job } = road();
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', 'nora'));
    const [wrong] = await request({ key: 'OFF-3' });
    expect(wrong).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-unreadable' } });
    expect(wrong?.error?.detail).toContain('Wrong: /fields/customfield_10101.');
    edit('OFF-3', { customfield_10101: NORA });
    await retryJob(world, { jobId: wrong?.jobId ?? '', by: 'it-desk' });
    await world.runFor(4);
    expect(job(wrong?.jobId)).toMatchObject({ outcome: 'revoked' });
    expect(access()).toEqual([[]]);
  });
});

describe('a request that nobody can confirm', () => {
  const EVENT = { type: 'offboard', person: { email: NORA }, reference: 'OFF-3' };
  const unmapped = { signingSecrets: undefined, mapping: undefined, approved: undefined };

  it('waits for a person, says so in the issue, and is acted on when they retry it', async () => {
    const { world, edit, request, employ, access, heard, job } = road(unmapped);
    await employ(NORA);
    edit('OFF-3', { summary: 'a leaver' });
    const [hint] = await request(EVENT);
    expect(hint).toMatchObject({ status: 'needs-attention', error: { code: 'unconfirmed' }, email: NORA });
    expect(world.alarms.map(({ code }) => code)).toContain('unconfirmed');
    expect(access()).toEqual([NEWSROOM]);
    expect(heard('OFF-3')).toEqual([expect.stringContaining('A person must act.')]);
    await retryJob(world, { jobId: hint?.jobId ?? '', by: 'it-desk' });
    await world.runFor(4);
    expect(job(hint?.jobId)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    expect(heard('OFF-3')).toHaveLength(2);
  });

  it('is acted on where the publisher trusts the token', async () => {
    const { request, employ, access } = road({ ...unmapped, ...CANNOT_ASK, trust: 'static' });
    await employ(NORA);
    expect(await request(EVENT)).toMatchObject([{ outcome: 'revoked' }]);
    expect(access()).toEqual([[]]);
  });
});

describe('an issue that comes again', () => {
  it('after a retry of Jira’s is the same job', async () => {
    const { world, edit, webhook, employ } = road({ reply: undefined });
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    const same = { identifier: 'same', at: world.clock.now() };
    const [first] = await webhook('OFF-3', same);
    expect(await webhook('OFF-3', same)).toEqual([first]);
  });

  it('because we answered it says nothing, by our account or by its words', async () => {
    const { edit, webhook, employ, heard } = road({ reply: {} });
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    await webhook('OFF-3');
    expect(await webhook('OFF-3', { user: JIRA_BOT })).toEqual([]);
    expect(await webhook('OFF-3', { user: 'somebody-who-edited' })).toMatchObject([
      { status: 'ignored', outcome: 'unsupported' },
    ]);
    expect(heard('OFF-3')).toHaveLength(1);
  });

  it('does not bring a leaver back because it was edited', async () => {
    const { edit, webhook, request, access, employ } = road({ authority: ['employment', 'attributes', 'grants'] });
    await employ('somebody@press.example');
    edit('ONB-17', jiraFields('New colleague', NORA));
    await webhook('ONB-17');
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    await webhook('OFF-3');
    edit('ONB-17', { status: { name: 'Approved' }, summary: 'corrected' });
    expect(await webhook('ONB-17')).toMatchObject([{ outcome: 'unsupported' }]);
    edit('ONB-17', { customfield_10102: '2026-03-09' });
    const reopening = { status: 'needs-attention', error: { code: 'ticket-reopens' } };
    expect(await webhook('ONB-17')).toMatchObject([reopening]);
    expect(await request({ key: 'ONB-17' })).toMatchObject([reopening]);
    expect(access()).toEqual([NEWSROOM]);
  });

  it('from another project, to which it was moved, does not bring a leaver back either', async () => {
    const { edit, webhook, access, issue } = road();
    edit('ONB-17', jiraFields('New colleague', NORA, { customfield_10105: { value: 'newsroom' } }));
    expect(await webhook('ONB-17')).toMatchObject([{ outcome: 'created' }]);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    await webhook('OFF-3');
    edit('ARCH-9', { ...issue('ONB-17'), id: jiraId('ONB-17'), status: { name: 'Approved' } });
    vendor.fake.records.delete('ONB-17');
    expect(await webhook('ARCH-9')).toMatchObject([{ error: { code: 'ticket-reopens' } }]);
    expect(access()).toEqual([[]]);
  });

  it('retyped from a leaver’s into a joiner’s brings nobody back', async () => {
    const { edit, webhook, access, employ } = road();
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    await webhook('OFF-3');
    edit('OFF-3', jiraFields('New colleague', NORA, { customfield_10105: { value: 'treasury' } }));
    expect(await webhook('OFF-3')).toMatchObject([{ error: { code: 'ticket-reopens' } }]);
    expect(access()).toEqual([[]]);
  });

  it('with the same words after it was reversed counts again, where nobody can be asked and the token is trusted', async () => {
    const trusted = { signingSecrets: undefined, mapping: undefined, approved: undefined, trust: 'static' };
    const { world, request, employ, access } = road({ ...trusted, ...CANNOT_ASK });
    await employ(NORA);
    const leaves = { type: 'offboard', person: { email: NORA }, reference: 'OFF-3' };
    await request(leaves);
    await post(world, about(NORA, 'onboard'));
    await world.runFor(60);
    expect(access()).toEqual([NEWSROOM]);
    expect(await request(leaves)).toMatchObject([{ outcome: 'revoked' }]);
    expect(access()).toEqual([[]]);
  });

  it('unapproved by our own transition is not dropped when it is tried again', async () => {
    const { world, edit, request, employ, job } = road({ reply: { transitions: { 'needs-attention': '41' } } });
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', 'nora'));
    const [wrong] = await request({ key: 'OFF-3' });
    edit('OFF-3', { customfield_10101: NORA });
    await retryJob(world, { jobId: wrong?.jobId ?? '', by: 'it-desk' });
    await world.runFor(4);
    expect(job(wrong?.jobId)).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-not-approved' } });
  });

  it('signed and held back is as old as its body, under whatever identifier', async () => {
    const { world, edit, webhook, access, employ } = road({ reply: undefined });
    await employ(NORA);
    edit('REQ-4', jiraFields('More access', NORA, { customfield_10105: { value: 'treasury' } }));
    const at = world.clock.now();
    world.advance(DAY);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    await webhook('OFF-3');
    await webhook('REQ-4', { at, identifier: 'forged' });
    expect(access()).toEqual([[]]);
  });
});

describe('while Jira does not listen', () => {
  it('access changes all the same, and the issue hears of it later, once', async () => {
    const { world, edit, webhook, employ, access, heard, job } = road();
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    vendor.fake.fail({ status: 503, times: 3 });
    const [leaver] = await webhook('OFF-3');
    expect(leaver).toMatchObject({ outcome: 'revoked' });
    expect(access()).toEqual([[]]);
    expect(heard('OFF-3')).toEqual([]);
    await world.runFor(DAY);
    expect(heard('OFF-3')).toHaveLength(1);
    const details = job(leaver?.jobId)?.history.map(({ detail }) => detail);
    expect(details?.slice(-2)).toEqual([
      'the ticket could not be told: vendor-unavailable; it is tried again',
      'the ticket was told',
    ]);
  });

  it('it is given up with the retry schedule, and alarmed', async () => {
    const { world, edit, webhook, employ, job } = road();
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    vendor.fake.fail({ status: 500, times: 1_000 });
    const [leaver] = await webhook('OFF-3');
    await world.runFor(4 * DAY);
    expect(world.alarms.map(({ code }) => code)).toEqual(['reply-undelivered']);
    expect(job(leaver?.jobId)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    expect(job(leaver?.jobId)?.history.at(-1)?.detail).toContain('it is given up');
    expect(vendor.asked.length).toBe(11);
  });

  it('because the issue is gone it is given up at once, and alarmed', async () => {
    const { world, edit, webhook, employ } = road();
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA, { customfield_10102: '2026-03-04' }));
    await webhook('OFF-3');
    vendor.fake.records.delete('OFF-3');
    await world.runFor(4 * DAY);
    expect(world.alarms.map(({ code }) => code)).toEqual(['reply-undelivered']);
  });

  it('a comment that failed after its transition is written later, and says nothing of that', async () => {
    const { world, edit, webhook, employ, heard } = road();
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    const { answer } = vendor.fake;
    let isDown = true;
    vendor.fake.answer = (request) => (isDown && request.path.endsWith('/comment') ? { status: 503 } : answer(request));
    await webhook('OFF-3');
    isDown = false;
    await world.runFor(60);
    expect(heard('OFF-3')).toEqual([expect.stringMatching(/taken away\. \(conscent-lifecycle job \w+\)$/)]);
  });

  it('a transition that the workflow does not allow is said in the comment', async () => {
    const { edit, webhook, employ, heard } = road({ reply: { transitions: { succeeded: '99' }, public: true } });
    await employ(NORA);
    edit('OFF-3', jiraFields('Colleague leaves', NORA));
    await webhook('OFF-3');
    expect(heard('OFF-3')).toEqual([
      expect.stringMatching(/taken away.*\(Its status could not be changed from here\.\)$/),
    ]);
  });
});
