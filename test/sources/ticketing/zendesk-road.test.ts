/** Zendesk from its webhook to the dashboard, and back to the ticket. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import { zendesk } from '../../../shared/sources/ticketing/zendesk.ts';
import { commentsOf } from '../../fakes/vendors/vendor.ts';
import { zendeskFake } from '../../fakes/vendors/zendesk.ts';
import {
  ZENDESK_BOT,
  zendeskEvent,
  zendeskHeaders,
  zendeskSample,
  zendeskSettings,
  zendeskTicket,
} from '../../fixtures/ticketing/zendesk.ts';
import { DAY, useVendor, wire } from '../stage.ts';
import { BAD_IDS, type FAILURES } from '../tables.ts';
import { ANA, detailsOf, NEWSROOM, TREASURY } from './desk.ts';
import { keepTicketRules } from './ticket-rules.ts';

const HIRE = { request: 'new_colleague', email: ANA, profile: 'newsroom' };
const vendor = useVendor({ make: zendesk, fake: () => zendeskFake(), settings: zendeskSettings });
const ticket = (id: string) => vendor.fake.records.get(id);
const told = (id: string) => commentsOf(ticket(id)).map(({ text }) => text);

function road(settings: object = {}) {
  const made = vendor.road(settings);
  let events = 0;
  const send = async (body: object, headers: object = {}) => {
    const sent = wire(body);
    return made.deliver((at) => ({ headers: { ...zendeskHeaders(sent.toString(), at), ...headers }, body: sent }));
  };
  /** What somebody makes of a ticket, and the event that tells of it. */
  const happens = async (id: string, wish: typeof HIRE | object, more: object = {}) => {
    vendor.fake.records.set(id, { ...zendeskTicket({ ...HIRE, ...wish }, more), comments: ticket(id)?.['comments'] });
    events += 1;
    return (await send(zendeskEvent(id, { id: `event-${events}` })))[0];
  };
  /** A trigger that says it all. */
  const says = async (event: object, headers: object = {}) => (await send(event, headers))[0];
  return { ...made, send, happens, says };
}

const REQUESTS = { hire: 'new_colleague', more: 'more_access', leave: 'colleague_leaves', other: 'new_laptop' };
keepTicketRules({
  ...{ vendor, sample: zendeskSample, ticket: '3001', reference: '3001', emailAt: '/fields/7100001' },
  told: (number = 1) => told(`300${number}`),
  write: ({ ticket: number = 1, what = 'hire', isApproved = true, ...wish }) => {
    const asked = { ...HIRE, ...wish, request: REQUESTS[what] };
    const { comments } = ticket(`300${number}`) ?? {};
    vendor.fake.records.set(`300${number}`, {
      ...zendeskTicket(asked, { status: isApproved ? 'open' : 'pending' }),
      comments,
    });
  },
  road: (settings) => {
    const made = road(settings);
    let events = 0;
    const name = async (number: number) => (await made.send(zendeskEvent(`300${number}`, { id: `of-${++events}` })))[0];
    return { ...made, name };
  },
});

const leaves = (reference: string) => ({ type: 'offboard', person: { email: ANA }, reference });

describe('a joiner', () => {
  it('of an approved ticket gets the account that it asks for, and the ticket is told and solved', async () => {
    const { happens, users } = road();
    expect(await happens('3001', {})).toMatchObject({ type: 'onboard', outcome: 'created', reference: '3001' });
    expect(users()).toEqual([{ email: ANA, permissions: NEWSROOM }]);
    expect(commentsOf(ticket('3001'))).toEqual([
      { text: expect.stringMatching(/^The Conscent account has been created\./), isInternal: true },
    ]);
    expect(ticket('3001')).toMatchObject({ status: 'solved' });
  });

  it('may be approved by a custom field or a custom status instead', async () => {
    const { happens, access } = road({ approved: { at: '/custom_status_id', values: ['8101'] } });
    expect(await happens('3001', {})).toMatchObject({ outcome: 'unsupported' });
    expect(await happens('3001', {}, { custom_status_id: 8101 })).toMatchObject({ outcome: 'created' });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('of a signed body that asks for something else is nobody, and one that is not approved is no job', async () => {
    const mapping = { type: '/request_type', person: { email: '/subject_email' } };
    const { says, world } = road({ api: undefined, reply: undefined, mapping, words: { hire: 'onboard' } });
    const body = { ticket_id: '3001', status: 'open', request_type: 'new_laptop', subject_email: ANA };
    const laptop = await says(body);
    expect(laptop).toMatchObject({ status: 'ignored', outcome: 'unsupported', reference: '3001' });
    expect(detailsOf(laptop)).toEqual(['approved, but its type is none of the words that are configured']);
    expect(await says({ ...body, status: 'new', request_type: 'hire' })).toBeUndefined();
    expect([world.allJobs().length, world.alarms]).toEqual([1, []]);
  });
});

describe('a leaver', () => {
  it('of a trigger’s body, which is signed, loses everything without anybody being asked', async () => {
    const { happens, says, access } = road();
    await happens('3001', {});
    vendor.fake.records.set('3002', { status: 'open' });
    const before = vendor.fake.requests.length;
    expect(await says(leaves('3002'))).toMatchObject({ outcome: 'revoked' });
    expect(access()).toEqual([[]]);
    expect(vendor.fake.requests.slice(before)).toEqual([{ method: 'PUT', path: '/api/v2/tickets/3002.json' }]);
    expect(ticket('3002')).toMatchObject({ status: 'solved' });
  });
});

describe('what a delivery says', () => {
  it('is nothing where it merely names a ticket: what the ticket says counts', async () => {
    const { happens, send, users } = road();
    await happens('3001', {});
    vendor.fake.records.set('3002', zendeskTicket({ request: 'more_access', email: ANA, profile: 'treasury' }));
    const [job] = await send({ ticket_id: '3002', type: 'onboard', email: 'eve@press.example' });
    expect(job).toMatchObject({ type: 'change', email: ANA, outcome: 'updated' });
    expect(users().map(({ email }) => email)).toEqual([ANA]);
  });

  it.each<[string, object]>([
    ['a ticket that there is not', {}],
    ['a ticket in the trash', { status: 'deleted' }],
  ])('of %s is for a person, and changes nothing', async (_, more) => {
    const { happens, send, access, world } = road();
    await happens('3001', {});
    if (Object.keys(more).length > 0)
      vendor.fake.records.set('3002', zendeskTicket({ ...HIRE, request: 'colleague_leaves' }, more));
    const [job] = await send(zendeskEvent('3002', { id: 'of-nothing' }));
    expect(job).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-not-found' } });
    expect(access()).toEqual([NEWSROOM]);
    const written = vendor.fake.requests.filter(({ method }) => method === 'PUT');
    expect(written).toEqual([{ method: 'PUT', path: '/api/v2/tickets/3001.json' }]);
    expect(world.alarms).toEqual([expect.objectContaining({ code: 'ticket-not-found' })]);
  });
});

describe('a body', () => {
  it('that names its ticket and cannot be read is a job of that ticket, which hears of it', async () => {
    const { says, world } = road();
    vendor.fake.records.set('3001', { status: 'open' });
    const wrong = await says({ type: 'onboard', person: { email: 'canary of no address' }, reference: '#3001' });
    const error = { code: 'ticket-unreadable' };
    expect(wrong).toMatchObject({ status: 'needs-attention', error, reference: '3001', ticket: '3001' });
    expect(wrong?.history[0]?.detail).toMatch(/^sha256 [0-9a-f]{64}; wrong at \/person\/email$/);
    expect(told('3001')).toEqual([expect.stringMatching(/^A person must act\./)]);
    expect(world.alarms).toEqual([expect.objectContaining({ code: 'ticket-unreadable' })]);
  });

  it('that names no ticket is unreadable, and no ticket hears of it', async () => {
    const { says, access } = road();
    const unnamed = await says({ type: 'onboard', person: { email: ANA }, access: { profile: 'newsroom' } });
    expect(unnamed).toMatchObject({ status: 'needs-attention', error: { code: 'unreadable' }, reference: null });
    expect([access(), vendor.fake.requests]).toEqual([[], []]);
  });
});

describe('a delivery that comes again', () => {
  it('is the same job, whatever invocation it pretends to be', async () => {
    const { world, deliver, users } = road();
    const body = wire({ type: 'onboard', person: { email: ANA }, access: { profile: 'newsroom' }, reference: '3001' });
    const headers = zendeskHeaders(body.toString(), world.clock.now());
    const [first] = await deliver({ headers, body });
    const [again] = await deliver({ headers: { ...headers, 'x-zendesk-webhook-invocation-id': 'forged' }, body });
    expect(again?.jobId).toBe(first?.jobId);
    expect([world.allJobs().length, users().length]).toEqual([1, 1]);
  });

  it('with a number sign before its ticket is of the same ticket', async () => {
    const { says, happens, access, world } = road();
    vendor.fake.records.set('3001', { status: 'open' });
    const hire = { type: 'onboard', person: { email: ANA }, access: { profile: 'newsroom' } };
    await says({ ...hire, reference: '#3001' });
    await happens('3001', { profile: 'treasury' });
    expect(access()).toEqual([TREASURY]);
    await says(leaves('3002'));
    const edited = await happens('3001', {});
    expect(edited).toMatchObject({ ticket: '3001', error: { code: 'ticket-reopens' } });
    expect([access(), world.allPeople().length]).toEqual([[[]], 1]);
  });

  it('does not swallow the delivery whose invocation it pretends to be', async () => {
    const { world, deliver, says, access } = road();
    const body = wire({ type: 'onboard', person: { email: ANA }, access: { profile: 'newsroom' }, reference: '3001' });
    const headers = zendeskHeaders(body.toString(), world.clock.now());
    await deliver({ headers, body });
    const next = { 'x-zendesk-webhook-invocation-id': '01JM0Q2W7XTHE-NEXT' };
    await deliver({ headers: { ...headers, ...next }, body });
    expect(await says(leaves('3002'), next)).toMatchObject({ outcome: 'revoked' });
    expect(access()).toEqual([[]]);
  });

  it('signed anew, as a retry may be, asks nothing and is not answered again', async () => {
    const { happens, says } = road();
    await happens('3001', {});
    vendor.fake.records.set('3002', { status: 'open' });
    await says(leaves('3002'));
    expect(await says(leaves('3002'))).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    expect(told('3002')).toHaveLength(1);
  });

  it('and names a ticket that was looked up is a job of its own: the ticket may say something else by now', async () => {
    const { world, send, access } = road();
    const event = zendeskEvent('3001', { id: 'once' });
    vendor.fake.records.set('3001', zendeskTicket(HIRE, { status: 'new' }));
    const [first] = await send(event);
    expect(first).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    vendor.fake.records.set('3001', zendeskTicket(HIRE));
    const [second] = await send(event);
    expect(second).toMatchObject({ type: 'onboard', outcome: 'created' });
    vendor.fake.records.set('3001', { ...zendeskTicket(HIRE), comments: ticket('3001')?.['comments'] });
    const [third] = await send(event);
    expect(third).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    expect(new Set(world.allJobs().map(({ jobId }) => jobId)).size).toBe(3);
    await world.runFor(DAY);
    expect([access(), told('3001').length]).toEqual([[NEWSROOM], 1]);
  });

  it('and names a ticket that was not looked up yet is the same job', async () => {
    const { world, deliver } = road();
    vendor.fake.records.set('3001', zendeskTicket(HIRE));
    const body = wire(zendeskEvent('3001', { id: 'once' }));
    const sent = { headers: zendeskHeaders(body.toString(), world.clock.now()), body };
    vendor.fake.fail({ status: 503 });
    const [first] = await deliver(sent, 0);
    expect(first).toMatchObject({ status: 'retrying', reference: '3001', ticket: '3001', email: null });
    const [again] = await deliver(sent);
    expect(again?.jobId).toBe(first?.jobId);
    expect(world.allJobs()).toHaveLength(1);
  });

  it('too late is refused', async () => {
    const { world, deliver } = road();
    const body = wire(leaves('3002'));
    const headers = zendeskHeaders(body.toString(), world.clock.now());
    world.advance(301);
    await expect(deliver({ headers, body })).rejects.toThrow(/signature/);
    expect(world.allJobs()).toEqual([]);
  });

  it('after its ticket was changed cannot give back what it once gave', async () => {
    const { world, deliver, says, access } = road();
    await says({ type: 'onboard', person: { email: ANA }, access: { profile: 'newsroom' }, reference: '3001' });
    const grant = { type: 'change', person: { email: ANA }, access: { profile: 'treasury' }, reference: '3002' };
    const body = wire(grant);
    const captured = { headers: zendeskHeaders(body.toString(), world.clock.now()), body };
    await deliver(captured);
    await says({ ...grant, access: { profile: 'treasury', until: '2026-03-01' } });
    expect(access()).toEqual([NEWSROOM]);
    await deliver(captured);
    expect(access()).toEqual([NEWSROOM]);
  });
});

describe('a look-up', () => {
  const HALVES: typeof FAILURES = [
    ['a ticket without fields', { status: 200, body: '{"ticket":{"id":3001,"status":"open"}}' }, incomplete()],
    ['another ticket', { status: 200, body: '{"ticket":{"id":9,"status":"open","custom_fields":[]}}' }, incomplete()],
  ];
  it.each(HALVES)('that is answered %s says nothing about anybody', async (_, fault, lookup) => {
    vendor.fake.records.set('3001', zendeskTicket(HIRE));
    vendor.fake.fail(fault);
    expect(await vendor.source().lookUp?.('3001')).toEqual(lookup);
  });

  it.each(BAD_IDS)('never asks for %j', async (id) => {
    expect(await vendor.source().lookUp?.(id)).toEqual({ kind: 'not-found' });
    expect(vendor.fake.requests).toEqual([]);
  });

  it('of a ticket that asks for nothing says why', async () => {
    const lookedUp = async (wish: object, more: object) => {
      vendor.fake.records.set('3001', zendeskTicket({ ...HIRE, ...wish }, more));
      return vendor.source().lookUp?.('3001');
    };
    expect(await lookedUp({}, { status: 'pending' })).toEqual({ kind: 'nothing', because: 'not-approved' });
    expect(await lookedUp({ request: 'new_laptop' }, {})).toEqual({ kind: 'nothing', because: 'other-request' });
    expect(await lookedUp({ request: '' }, {})).toEqual({ kind: 'nothing', because: 'other-request' });
  });
});

describe('the ticket', () => {
  it('hears by one call, and nothing more as time goes by', async () => {
    const { world, happens } = road();
    await happens('3001', {});
    await world.runFor(3 * DAY);
    expect(vendor.fake.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(JSON.parse(vendor.asked.find(({ method }) => method === 'PUT')?.body ?? '')).toEqual({
      ticket: { comment: { body: told('3001')[0], public: false }, status: 'solved' },
    });
  });

  it('may be told in public, and left as it stands', async () => {
    const { happens } = road({ reply: { public: true } });
    await happens('3001', {});
    expect(commentsOf(ticket('3001'))).toEqual([expect.objectContaining({ isInternal: false })]);
    expect(ticket('3001')).toMatchObject({ status: 'open' });
  });

  it('that cannot be solved is told all the same, and that it was not', async () => {
    const { world, happens } = road();
    await happens('3001', {}, { lacksRequiredField: true });
    await world.runFor(DAY);
    expect(told('3001')).toEqual([
      expect.stringMatching(/created\..*\(Its status could not be changed from here\.\)$/),
    ]);
    expect(ticket('3001')).toMatchObject({ status: 'open' });
  });

  it('that was told before, perhaps, is not said to have been left: it may be refused because it was set then', async () => {
    const { happens, world } = road();
    vendor.fake.fail({ status: 200, body: JSON.stringify({ ticket: { id: 3001, ...zendeskTicket(HIRE) } }) });
    vendor.fake.fail({ status: 503 });
    await happens('3001', {}, { lacksRequiredField: true });
    expect(told('3001')).toEqual([]);
    await world.runFor(DAY);
    expect(told('3001')).toEqual([expect.stringMatching(/created\. \(conscent-lifecycle job [0-9a-f]{32}\)$/)]);
  });

  it('is told later while Zendesk is down, and the access waits for nothing', async () => {
    const { world, says, access, job } = road();
    vendor.fake.records.set('3001', { status: 'open' });
    vendor.fake.fail({ status: 503, times: 3 });
    const hire = { type: 'onboard', person: { email: ANA }, access: { profile: 'newsroom' }, reference: '3001' };
    const hired = await says(hire);
    expect([access(), told('3001')]).toEqual([[NEWSROOM], []]);
    const trying = { standing: 'succeeded/created', failures: 1, nextAt: expect.any(String) };
    expect(hired).toMatchObject({ status: 'succeeded', reply: { told: null, trying } });
    await world.runFor(DAY);
    expect(told('3001')).toHaveLength(1);
    expect(job(hired?.jobId)).toMatchObject({
      outcome: 'created',
      reply: { told: 'succeeded/created', trying: null },
    });
  });

  it('that is closed takes no word: that is alarmed, and the access stays as it is', async () => {
    const { world, says, access } = road();
    vendor.fake.records.set('3001', { status: 'closed' });
    await says({ type: 'onboard', person: { email: ANA }, access: { profile: 'newsroom' }, reference: '3001' });
    expect(access()).toEqual([NEWSROOM]);
    expect(world.alarms).toEqual([expect.objectContaining({ code: 'reply-undelivered' })]);
    expect(told('3001')).toEqual([]);
  });

  it('hears nothing where it does not want to', async () => {
    const { happens } = road({ reply: undefined });
    expect(await happens('3001', {})).toMatchObject({ outcome: 'created' });
    expect(ticket('3001')).toMatchObject({ status: 'open' });
    expect(told('3001')).toEqual([]);
  });
});

describe('our own answer', () => {
  it('comes back as an event of our own user, and says nothing', async () => {
    const { happens, send, world } = road();
    await happens('3001', {});
    const own = zendeskEvent('3001', { type: 'ticket.comment_added', id: 'our-own', actor: ZENDESK_BOT });
    expect(await send(own)).toEqual([]);
    await world.runFor(DAY);
    expect(told('3001')).toHaveLength(1);
  });

  it('sets off what somebody else’s rule does to the ticket, and that makes no second answer', async () => {
    const { happens, world, access } = road({ approved: { values: ['open', 'solved'] } });
    await happens('3001', {});
    expect(await happens('3001', {}, { status: 'solved' })).toMatchObject({ outcome: 'unsupported' });
    await world.runFor(DAY);
    expect([access(), told('3001').length]).toEqual([[NEWSROOM], 1]);
  });
});

function incomplete() {
  return { kind: 'failed' as const, reason: 'record-incomplete' as const };
}
