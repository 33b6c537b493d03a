/** Freshservice from its webhook to the dashboard, and back to the ticket. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../shared/lifecycle/job.ts';
import { retryJob } from '../../../shared/operate/change-job.ts';
import { freshservice } from '../../../shared/sources/ticketing/freshservice.ts';
import { freshserviceFake } from '../../fakes/vendors/freshservice.ts';
import { commentsOf } from '../../fakes/vendors/vendor.ts';
import { newCanaries } from '../../fixtures/sample.ts';
import {
  FRESHSERVICE_HEADERS,
  freshserviceSample,
  freshserviceSettings,
  freshserviceTicket,
} from '../../fixtures/ticketing/freshservice.ts';
import { DAY, useVendor, wire } from '../stage.ts';
import { BAD_IDS, FAILURES } from '../tables.ts';

const NEWSROOM = ['paywallBuilder', 'journey'];
const TREASURY = ['payments', 'billing'];
const ANA = 'ana@press.example';
const HIRE = { item: 41, email: ANA, profile: 'newsroom' };
const CANNOT_ASK = { api: undefined, reply: undefined };
const vendor = useVendor({ make: freshservice, fake: () => freshserviceFake(), settings: freshserviceSettings });
const ticket = (id: string) => vendor.fake.records.get(id);
const told = (id: string) => commentsOf(ticket(id)).map(({ text }) => text);
const paths = () => vendor.fake.requests.map(({ method, path }) => `${method} ${path}`);
const detailsOf = (job: Job | undefined) => job?.history.map(({ detail }) => detail);

function road(settings: object = {}) {
  const made = vendor.road(settings);
  const send = async (body: object) => (await made.deliver({ headers: FRESHSERVICE_HEADERS, body: wire(body) }))[0];
  /** What somebody makes of a ticket, and the delivery that names it. */
  const happens = async (id: string, wish: object, more: object = {}) => {
    vendor.fake.records.set(id, {
      ...freshserviceTicket({ ...HIRE, ...wish }, more),
      comments: ticket(id)?.['comments'],
    });
    return send({ freshservice_webhook: { ticket_id: `SR-${id}` } });
  };
  return { ...made, send, happens };
}

const hires = { type: 'onboard', person: { email: ANA }, access: { profile: 'newsroom' }, reference: 'SR-3001' };
const leaves = { type: 'offboard', person: { email: ANA }, reference: 'SR-3002' };

describe('a joiner', () => {
  it('of an approved request gets the account that it asks for, and the ticket is resolved and told', async () => {
    const { happens, users } = road();
    expect(await happens('3001', {})).toMatchObject({ type: 'onboard', outcome: 'created', reference: '3001' });
    expect(users()).toEqual([{ email: ANA, permissions: NEWSROOM }]);
    expect(commentsOf(ticket('3001'))).toEqual([
      { text: expect.stringMatching(/^The Conscent account has been created\./), isInternal: true },
    ]);
    expect(ticket('3001')).toMatchObject({ status: 4 });
    expect(paths()).toEqual([
      'GET /api/v2/tickets/3001',
      'GET /api/v2/tickets/3001/requested_items',
      'PUT /api/v2/tickets/3001',
      'POST /api/v2/tickets/3001/notes',
    ]);
  });

  it('to come waits for the day', async () => {
    const { world, happens, access } = road();
    expect(await happens('3001', { day: '2026-03-05' })).toMatchObject({ status: 'scheduled' });
    await world.runFor(2 * DAY);
    expect([access(), told('3001')]).toEqual([[], []]);
    await world.runFor(DAY);
    expect([access(), told('3001').length]).toEqual([[NEWSROOM], 1]);
  });

  it('of a request that is not approved gets nothing, and the ticket hears nothing', async () => {
    const { happens, access } = road();
    const asked = await happens('3001', {}, { status: 2 });
    expect(asked).toMatchObject({ status: 'ignored', outcome: 'unsupported', reference: '3001' });
    expect(detailsOf(asked)).toContain('looked up: it is not approved');
    expect([access(), told('3001')]).toEqual([[], []]);
    expect(await happens('3001', {})).toMatchObject({ outcome: 'created' });
  });

  it('may be approved by the approvers instead, and not where it does not say how that stands', async () => {
    const { happens, access } = road({ approved: { at: '/approval_status', values: ['1'] } });
    expect(await happens('3001', {}, { status: 2, approval_status: 0 })).toMatchObject({ outcome: 'unsupported' });
    expect(await happens('3001', {}, { status: 2 })).toMatchObject({ error: { code: 'ticket-unreadable' } });
    expect(access()).toEqual([]);
    expect(await happens('3001', {}, { status: 2, approval_status: 1 })).toMatchObject({ outcome: 'created' });
  });

  it('of a request for something else is nobody', async () => {
    const { happens, access } = road();
    const other = await happens('3001', { item: 77 });
    expect(other).toMatchObject({ status: 'ignored', outcome: 'unsupported', reference: '3001' });
    expect(detailsOf(other)).toContain('looked up: its type is none of the words that are configured');
    expect(told('3001')).toEqual([]);
    expect(await happens('3002', {}, { type: 'Incident' })).toMatchObject({ outcome: 'unsupported' });
    expect(access()).toEqual([]);
  });

  it('without an address needs a person, and the ticket is told so once, also when it is edited', async () => {
    const { happens, world } = road();
    expect(await happens('3001', { email: '' })).toMatchObject({
      status: 'needs-attention',
      error: {
        code: 'ticket-unreadable',
        detail: expect.stringMatching(/ Wrong: \/requested_items\/0\/custom_fields\/work_address\.$/),
      },
    });
    const again = await happens('3001', { email: '', profile: 'treasury' });
    await world.runFor(DAY);
    expect(told('3001')).toEqual([expect.stringMatching(/^A person must act\./)]);
    expect(detailsOf(again)).toContain('the ticket has heard this already');
  });

  it('whose ticket a person was asked about, and which is not approved any more, stays theirs', async () => {
    const { happens, world, access, job } = road();
    const wrong = await happens('3001', { email: '' });
    vendor.fake.records.set('3001', freshserviceTicket(HIRE, { status: 2 }));
    await retryJob(world, { jobId: wrong?.jobId ?? '', by: 'it-desk' });
    await world.runFor(60);
    expect(job(wrong?.jobId)).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-not-approved' } });
    expect(access()).toEqual([]);
  });

  it('may be read from the fields of the ticket alone, and then nothing more is asked for', async () => {
    const mapping = {
      type: '/custom_fields/what',
      person: { email: '/custom_fields/whom' },
      access: { profile: { value: 'newsroom' } },
    };
    const { happens, access } = road({ mapping, words: { hire: 'onboard' } });
    const fields = { custom_fields: { what: 'hire', whom: ANA }, type: 'Incident' };
    expect(await happens('3001', {}, fields)).toMatchObject({ outcome: 'created' });
    expect(access()).toEqual([NEWSROOM]);
    expect(paths().filter((path) => path.startsWith('GET'))).toEqual(['GET /api/v2/tickets/3001']);
  });
});

describe('a mover and a leaver', () => {
  it('get what the ticket asks for, and lose everything', async () => {
    const { happens, access } = road();
    await happens('3001', {});
    expect(await happens('3002', { item: 42, profile: 'treasury' })).toMatchObject({ outcome: 'updated' });
    expect(access().map((permissions) => permissions.toSorted())).toEqual([[...NEWSROOM, ...TREASURY].toSorted()]);
    expect(await happens('3003', { item: 43 })).toMatchObject({ type: 'offboard', outcome: 'revoked' });
    expect(access()).toEqual([[]]);
    expect(told('3003')).toEqual([expect.stringMatching(/^All access to Conscent has been taken away\./)]);
  });

  it('a leaver loses everything, whatever the fields of access say', async () => {
    const { happens, access } = road();
    await happens('3001', {});
    const leaving = await happens('3002', { item: 43, profile: 'no profile at all' });
    expect(leaving).toMatchObject({ type: 'offboard', outcome: 'revoked' });
    expect(leaving?.event).not.toHaveProperty('access');
    expect(access()).toEqual([[]]);
  });

  it('a leaver is not brought back by the ticket that hired them', async () => {
    const { happens, access } = road();
    await happens('3001', {});
    await happens('3002', { item: 43 });
    const edited = await happens('3001', { profile: 'treasury' });
    expect(edited).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-reopens' } });
    expect(access()).toEqual([[]]);
    expect(told('3001')).toEqual([expect.stringContaining('created'), expect.stringContaining('A person must act.')]);
  });
});

describe('a delivery that anybody with the header could have sent', () => {
  it('counts for nothing where the ticket says something else', async () => {
    const { happens, send, users } = road();
    await happens('3001', {});
    vendor.fake.records.set('3002', freshserviceTicket({ item: 42, email: ANA, profile: 'treasury' }));
    const forged = { ...hires, person: { email: 'eve@press.example' }, reference: 'SR-3002' };
    expect(await send(forged)).toMatchObject({ type: 'change', email: ANA, outcome: 'updated' });
    expect(await send({ ...leaves, reference: 'SR-3001' })).toMatchObject({ outcome: 'unsupported' });
    expect(users()).toHaveLength(1);
    expect(users()[0]?.permissions).toHaveLength(4);
  });

  it('counts for nothing where the ticket is not approved', async () => {
    const { happens, send, access } = road();
    await happens('3001', {});
    vendor.fake.records.set('3002', freshserviceTicket({ item: 43, email: ANA }, { status: 2 }));
    expect(await send(leaves)).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    expect(access()).toEqual([NEWSROOM]);
  });

  it.each<[string, object | null]>([
    ['that there is not', null],
    ['in the trash', { deleted: true }],
    ['that is spam', { spam: true }],
  ])('of a ticket %s is for a person, and changes nothing', async (_, more) => {
    const { happens, send, access, world } = road();
    await happens('3001', {});
    if (more) vendor.fake.records.set('3002', freshserviceTicket({ item: 43, email: ANA }, more));
    expect(await send(leaves)).toMatchObject({
      status: 'needs-attention',
      error: { code: 'ticket-not-found' },
    });
    expect(access()).toEqual([NEWSROOM]);
    expect([told('3002'), world.alarms.map(({ code }) => code)]).toEqual([[], ['ticket-not-found']]);
    expect(paths().filter((path) => /^(PUT|POST) .*3002/.test(path))).toEqual([]);
  });

  it('and names its ticket, but cannot be read, is a job of that ticket, which hears of it', async () => {
    const { send, world } = road({ mapping: undefined, approved: undefined });
    vendor.fake.records.set('3001', { status: 8 });
    const wrong = await send({ ...hires, person: { email: 'canary of no address' } });
    const error = { code: 'ticket-unreadable' };
    expect(wrong).toMatchObject({ status: 'needs-attention', error, reference: '3001', ticket: '3001' });
    expect(wrong?.history[0]?.detail).toMatch(/^sha256 [0-9a-f]{64}; wrong at \/person\/email$/);
    expect(told('3001')).toEqual([expect.stringMatching(/^A person must act\./)]);
    expect(world.alarms.map(({ code }) => code)).toEqual(['ticket-unreadable']);
  });

  it('and names no ticket is unreadable, and no ticket hears of it', async () => {
    const { send, access } = road();
    const unnamed = await send({ ...hires, reference: 'CHN-3001' });
    expect(unnamed).toMatchObject({ status: 'needs-attention', error: { code: 'unreadable' }, reference: null });
    expect([access(), paths()]).toEqual([[], []]);
  });

  it('and only names its ticket, where nobody can be asked, is looked up once that is configured', async () => {
    const { send, world, access, job } = road({ ...CANNOT_ASK, mapping: undefined, approved: undefined });
    vendor.fake.records.set('3001', freshserviceTicket(HIRE));
    const named = await send({ ticket_id: 'SR-3001' });
    const error = { code: 'ticket-not-fetchable' };
    expect(named).toMatchObject({ status: 'needs-attention', error, reference: '3001', ticket: '3001' });
    await retryJob(world, { jobId: named?.jobId ?? '', by: 'it-desk' });
    await world.runFor(60);
    expect(job(named?.jobId)).toMatchObject({ status: 'needs-attention', error });
    const configured = vendor.source();
    world.lookUp = async (_, id) => (await configured.lookUp?.(id)) ?? { kind: 'not-found' };
    await retryJob(world, { jobId: named?.jobId ?? '', by: 'it-desk' });
    await world.runFor(60);
    expect([job(named?.jobId)?.outcome, access()]).toEqual(['created', [NEWSROOM]]);
  });

  it('needs a person where nobody can be asked, who may try it again', async () => {
    const { world, send, access, job } = road(CANNOT_ASK);
    const asked = await send(hires);
    expect(asked).toMatchObject({ status: 'needs-attention', error: { code: 'unconfirmed' } });
    await world.runFor(DAY);
    expect(access()).toEqual([]);
    await retryJob(world, { jobId: asked?.jobId ?? '', by: 'it-desk' });
    await world.runFor(1);
    expect([access(), job(asked?.jobId)?.outcome]).toEqual([[NEWSROOM], 'created']);
  });

  it('is acted on where nobody can be asked and the sender is trusted, once', async () => {
    const { world, send, access } = road({ ...CANNOT_ASK, mapping: undefined, approved: undefined, trust: 'static' });
    const first = await send(hires);
    expect(first).toMatchObject({ outcome: 'created' });
    expect(await send(hires)).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    expect(await send({ freshservice_webhook: leaves })).toMatchObject({ outcome: 'revoked' });
    await world.runFor(DAY);
    expect(await send(hires)).toMatchObject({ outcome: 'unsupported' });
    expect(access()).toEqual([[]]);
  });
});

describe('a grant', () => {
  const grant = { type: 'change', person: { email: ANA }, access: { profile: 'treasury' } };

  it.each([
    ['SR-3002', '3002'],
    ['3002', 'SR-3002'],
    ['INC-3002', '#3002'],
  ])('given by %s is ended by %s', async (given, ended) => {
    const { send, access } = road({ ...CANNOT_ASK, trust: 'static' });
    await send(hires);
    await send({ ...grant, reference: given });
    expect(access()[0]).toHaveLength(4);
    await send({ ...grant, reference: ended, access: { profile: 'treasury', until: '2026-03-01' } });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('of a ticket in simple mode is ended by an event of its number', async () => {
    const mapping = { type: '/what', person: { email: '/whom' }, access: { profile: '/wish' } };
    const approved = { at: '/status', values: ['Approved'] };
    const { send, access } = road({ ...CANNOT_ASK, trust: 'static', mapping, approved, words: { more: 'change' } });
    await send(hires);
    await send({ ticket_id: 'SR-3002', status: 'Approved', what: 'more', whom: ANA, wish: 'treasury' });
    expect(access()[0]).toHaveLength(4);
    await send({ ...grant, reference: '3002', access: { profile: 'treasury', until: '2026-03-01' } });
    expect(access()).toEqual([NEWSROOM]);
  });
});

describe('a look-up', () => {
  it.each(FAILURES)('that is answered %s says nothing about anybody', async (_, fault, lookup) => {
    vendor.fake.records.set('3001', freshserviceTicket(HIRE));
    vendor.fake.fail(fault);
    expect(await vendor.source().lookUp?.('3001')).toEqual(lookup);
  });

  it.each(FAILURES)('whose requested items are answered %s is no whole ticket', async (_, fault, lookup) => {
    vendor.fake.records.set('3001', freshserviceTicket(HIRE));
    const { status, retryAfter, body } = fault;
    vendor.instead('/requested_items', { status, body, ...(retryAfter && { headers: { 'retry-after': retryAfter } }) });
    const found = lookup.kind === 'not-found' ? { kind: 'failed', reason: 'record-incomplete' } : lookup;
    expect(await vendor.source().lookUp?.('3001')).toEqual(found);
  });

  it('that answers another ticket is no whole ticket', async () => {
    vendor.fake.fail({ status: 200, body: '{"ticket":{"id":9,"status":8}}' });
    expect(await vendor.source().lookUp?.('3001')).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it.each(BAD_IDS)('never asks for %j', async (id) => {
    expect(await vendor.source().lookUp?.(id)).toEqual({ kind: 'not-found' });
    expect(vendor.fake.requests).toEqual([]);
  });

  it('that fails is tried again, when the vendor says', async () => {
    const { world, happens, access } = road();
    vendor.fake.fail({ status: 429, retryAfter: '600' });
    expect(await happens('3001', {})).toMatchObject({ status: 'retrying', error: { code: 'vendor-unavailable' } });
    await world.runFor(590);
    expect(access()).toEqual([]);
    await world.runFor(20);
    expect([access(), told('3001').length]).toEqual([[NEWSROOM], 1]);
  });
});

describe('a delivery that comes again', () => {
  it('before its ticket was looked up is the same job, and after that one of its own', async () => {
    const { send, world, job } = road();
    const named = { ticket_id: 'SR-3001' };
    vendor.fake.records.set('3001', freshserviceTicket(HIRE));
    vendor.fake.fail({ status: 503 });
    const first = await send(named);
    expect(first).toMatchObject({ status: 'retrying', reference: '3001', ticket: '3001', email: null });
    expect((await send(named))?.jobId).toBe(first?.jobId);
    await world.runFor(60);
    expect([world.allJobs().length, job(first?.jobId)?.outcome]).toEqual([1, 'created']);
    vendor.fake.records.set('3001', { ...ticket('3001'), status: 8 });
    const again = await send(named);
    expect(again).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    expect(detailsOf(again)).toContain('its ticket has said this before');
    expect([again?.jobId === first?.jobId, told('3001').length]).toEqual([false, 1]);
  });
});

describe('the ticket', () => {
  const sent = (method: string) => vendor.asked.filter((request) => request.method === method);
  const bodies = (method: string) => sent(method).map(({ body }) => JSON.parse(body) as unknown);

  it('hears once, and nothing more as time goes by', async () => {
    const { world, happens } = road();
    await happens('3001', {});
    await world.runFor(3 * DAY);
    expect(bodies('PUT')).toEqual([{ status: 4 }]);
    expect(bodies('POST')).toEqual([{ body: told('3001')[0], private: true }]);
  });

  it('may be told in public, and left as it stands', async () => {
    const { happens } = road({ reply: { public: true } });
    await happens('3001', {});
    expect(commentsOf(ticket('3001'))).toEqual([expect.objectContaining({ isInternal: false })]);
    expect([ticket('3001')?.['status'], bodies('PUT')]).toEqual([8, []]);
  });

  it('whose status cannot be set is told so, in one note', async () => {
    const { world, happens } = road({ reply: { statuses: { succeeded: '99' } } });
    await happens('3001', {});
    await world.runFor(DAY);
    expect(told('3001')).toEqual([
      expect.stringMatching(/created\..*\(Its status could not be changed from here\.\)$/),
    ]);
  });

  it('is told later while Freshservice is down, by one note, and the access waits for nothing', async () => {
    const { world, send, access, job } = road({ mapping: undefined, approved: undefined, trust: 'static' });
    vendor.fake.records.set('3001', { status: 8 });
    vendor.fake.fail({ status: 503, times: 3 });
    const hired = await send(hires);
    expect([access(), told('3001')]).toEqual([[NEWSROOM], []]);
    expect(hired).toMatchObject({ status: 'succeeded', reply: { trying: { failures: 1 } } });
    await world.runFor(DAY);
    expect([told('3001').length, ticket('3001')?.['status']]).toEqual([1, 4]);
    expect(job(hired?.jobId)).toMatchObject({ outcome: 'created', reply: { trying: null } });
  });

  it('whose note failed after its status was set is told later, and nothing of a status that is refused then', async () => {
    const { world, happens } = road();
    const { answer } = vendor.fake;
    let isDown = true;
    let sets = 0;
    vendor.fake.answer = (request) => {
      if (request.method === 'PUT') sets += 1;
      if (request.method === 'PUT' && sets > 1) return { status: 400 };
      return isDown && request.path.endsWith('/notes') ? { status: 503 } : answer(request);
    };
    await happens('3001', {});
    isDown = false;
    await world.runFor(60);
    expect(told('3001')).toEqual([expect.stringMatching(/created\. \(conscent-lifecycle job \w+\)$/)]);
    expect([sets, ticket('3001')?.['status']]).toEqual([2, 4]);
  });

  it('hears nothing of a job that it has itself replaced, but what became of the next', async () => {
    const { happens, world, job } = road();
    const first = await happens('3001', { item: 43, day: '2026-03-10' });
    await happens('3001', { item: 43, day: '2026-03-05' });
    await world.runFor(9 * DAY);
    expect(job(first?.jobId)).toMatchObject({ status: 'ignored', outcome: 'superseded' });
    expect(detailsOf(job(first?.jobId))).toContain('the ticket has said something else since, and hears of that');
    expect(told('3001')).toHaveLength(1);
  });

  it('that is gone takes no word: that is alarmed, and the access stays as it is', async () => {
    const { world, send, access } = road({ mapping: undefined, approved: undefined, trust: 'static' });
    await send(hires);
    expect(access()).toEqual([NEWSROOM]);
    expect(world.alarms).toEqual([expect.objectContaining({ code: 'reply-undelivered' })]);
  });

  it('is told in HTML: what is said cannot become a tag', async () => {
    vendor.fake.records.set('3001', { status: 8 });
    const text = `<b>R&D</b> "it's"`;
    await vendor.source().reply?.('3001', { status: 'ignored', text, isRepeated: false });
    expect(told('3001')).toEqual(['&lt;b&gt;R&amp;D&lt;/b&gt; &quot;it&#39;s&quot;']);
  });
});

describe('our own answer', () => {
  it('sets the rule off again, and that makes no second answer', async () => {
    const { happens, send, world, access } = road({ approved: { values: ['8', '4'] } });
    await happens('3001', {});
    const again = { freshservice_webhook: { ticket_id: 'SR-3001' } };
    expect(await send(again)).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    await world.runFor(DAY);
    expect(await send(again)).toMatchObject({ outcome: 'unsupported' });
    expect([access(), told('3001').length]).toEqual([[NEWSROOM], 1]);
  });
});

describe('personal data', () => {
  it('of the body and the ticket is in no job, person, message or answer', async () => {
    const canaries = newCanaries();
    const { send, kept } = road();
    const { id, employee } = freshserviceSample.record?.(canaries) ?? { id: '', employee: {} };
    vendor.fake.records.set(id, employee);
    await send(freshserviceSample.body(canaries));
    const answers = vendor.asked.filter(({ method }) => method !== 'GET').map(({ body }) => body);
    expect(answers).toHaveLength(1);
    const all = kept();
    expect(all).toContain(freshserviceSample.email);
    expect(canaries.planted.filter((planted) => `${all}${answers.join()}`.includes(planted))).toEqual([]);
    expect(answers.join()).not.toContain(freshserviceSample.email);
  });
});
