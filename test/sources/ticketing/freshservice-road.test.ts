/** Freshservice from its webhook to the dashboard, and back to the ticket. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import { freshservice } from '../../../shared/sources/ticketing/freshservice.ts';
import { freshserviceFake } from '../../fakes/vendors/freshservice.ts';
import { commentsOf } from '../../fakes/vendors/vendor.ts';
import {
  FRESHSERVICE_HEADERS,
  freshserviceSample,
  freshserviceSettings,
  freshserviceTicket,
} from '../../fixtures/ticketing/freshservice.ts';
import { DAY, useVendor, wire } from '../stage.ts';
import { BAD_IDS, FAILURES } from '../tables.ts';
import { ANA, CANNOT_ASK, detailsOf, NEWSROOM, tryAgain } from './desk.ts';
import { keepTicketRules } from './ticket-rules.ts';

const HIRE = { item: 41, email: ANA, profile: 'newsroom' };
const vendor = useVendor({ make: freshservice, fake: () => freshserviceFake(), settings: freshserviceSettings });
const ticket = (id: string) => vendor.fake.records.get(id);
const told = (id: string) => commentsOf(ticket(id)).map(({ text }) => text);
const paths = () => vendor.fake.requests.map(({ method, path }) => `${method} ${path}`);

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

const ITEMS = { hire: 41, more: 42, leave: 43, other: 77 };
keepTicketRules({
  ...{ vendor, sample: freshserviceSample, ticket: '3001', reference: '3001' },
  emailAt: '/requested_items/0/custom_fields/work_address',
  namesOnly: { mapping: undefined, approved: undefined },
  told: (number = 1) => told(`300${number}`),
  write: ({ ticket: number = 1, what = 'hire', isApproved = true, ...wish }) => {
    const asked = freshserviceTicket({ ...HIRE, ...wish, item: ITEMS[what] }, { status: isApproved ? 8 : 2 });
    vendor.fake.records.set(`300${number}`, { ...asked, comments: ticket(`300${number}`)?.['comments'] });
  },
  road: (settings) => {
    const made = road(settings);
    return { ...made, name: (number) => made.send({ ticket_id: `SR-300${number}` }) };
  },
});

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

  it('may be approved by the approvers instead, and not where it does not say how that stands', async () => {
    const { happens, access } = road({ approved: { at: '/approval_status', values: ['1'] } });
    expect(await happens('3001', {}, { status: 2, approval_status: 0 })).toMatchObject({ outcome: 'unsupported' });
    expect(await happens('3001', {}, { status: 2 })).toMatchObject({ error: { code: 'ticket-unreadable' } });
    expect(access()).toEqual([]);
    expect(await happens('3001', {}, { status: 2, approval_status: 1 })).toMatchObject({ outcome: 'created' });
  });

  it('of an incident, by which nothing is requested, is nobody', async () => {
    const { happens, access } = road();
    expect(await happens('3002', {}, { type: 'Incident' })).toMatchObject({ outcome: 'unsupported' });
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

  it('needs a person where nobody can be asked, who may try it again', async () => {
    const made = road(CANNOT_ASK);
    const { world, send, access } = made;
    const asked = await send(hires);
    expect(asked).toMatchObject({ status: 'needs-attention', error: { code: 'unconfirmed' } });
    await world.runFor(DAY);
    expect(access()).toEqual([]);
    expect(await tryAgain(made, asked, 1)).toMatchObject({ outcome: 'created' });
    expect(access()).toEqual([NEWSROOM]);
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
