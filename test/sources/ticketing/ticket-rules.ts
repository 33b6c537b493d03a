/** The rules that every ticketing system keeps whose tickets are fetched, whoever it is. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import { newCanaries } from '../../fixtures/sample.ts';
import { DAY } from '../stage.ts';
import { FAILURES } from '../tables.ts';
import { ANA, ask, CANNOT_ASK, type Desk, detailsOf, NEWSROOM, TREASURY, tryAgain, type Wish } from './desk.ts';

/** Has a ticketing system's tests keep them. */
export function keepTicketRules(desk: Desk): void {
  describe('a ticket', () => ticketRules(desk));
  describe('a ticket that asks for nothing', () => silentRules(desk));
  describe('a ticket of a leaver', () => leaverRules(desk));
  describe('a ticket that is looked up', () => lookUpRules(desk));
}

/** A road, and what is done on it most. */
function roadOf(desk: Desk, settings?: object) {
  const made = desk.road(settings);
  return { ...made, asks: (wish?: Wish) => ask(desk, made, wish), again: tryAgain.bind(null, made) };
}

function ticketRules(desk: Desk): void {
  it('of a joiner to come waits for the day', async () => {
    const { world, asks, access } = roadOf(desk);
    const coming = { status: 'scheduled', effectiveAt: '2026-03-05T00:00:00.000Z' };
    expect(await asks({ day: '2026-03-05' })).toMatchObject(coming);
    await world.runFor(2 * DAY);
    expect([access(), desk.told()]).toEqual([[], []]);
    await world.runFor(DAY);
    expect([access(), desk.told().length]).toEqual([[NEWSROOM], 1]);
  });

  it('without an address needs a person, and is told so once, also when it is edited', async () => {
    const { world, asks, job } = roadOf(desk);
    expect(await asks({ email: '' })).toMatchObject({
      status: 'needs-attention',
      error: { code: 'ticket-unreadable', detail: expect.stringContaining(` Wrong: ${desk.emailAt}.`) },
    });
    expect(world.alarms.map(({ code }) => code)).toEqual(['ticket-unreadable']);
    const again = await asks({ email: '', profile: 'treasury' });
    await world.runFor(DAY);
    expect(desk.told()).toEqual([expect.stringMatching(/^A person must act\./)]);
    expect(detailsOf(job(again?.jobId))).toContain('the ticket has heard this already');
  });

  it('gives a mover what it asks for on top', async () => {
    const { asks, access } = roadOf(desk);
    await asks();
    const more = await asks({ ticket: 2, what: 'more', profile: 'treasury' });
    expect(more).toMatchObject({ type: 'change', outcome: 'updated' });
    expect(access().map((permissions) => permissions.toSorted())).toEqual([[...NEWSROOM, ...TREASURY].toSorted()]);
    expect(desk.told(2)).toEqual([expect.stringMatching(/^The Conscent access has been changed\./)]);
  });

  it('hears nothing of a job that it has itself replaced, but what became of the next', async () => {
    const { world, asks, job } = roadOf(desk);
    const first = await asks({ what: 'leave', day: '2026-03-10' });
    await asks({ what: 'leave', day: '2026-03-05' });
    await world.runFor(9 * DAY);
    expect(job(first?.jobId)).toMatchObject({ status: 'ignored', outcome: 'superseded' });
    expect(detailsOf(job(first?.jobId))).toContain('the ticket has said something else since, and hears of that');
    expect(desk.told()).toHaveLength(1);
  });

  it('is told, and kept, without anything that stands beside in it or its delivery', async () => {
    const canaries = newCanaries();
    const { deliver, kept } = desk.road();
    const { vendor, sample } = desk;
    const { id, employee } = sample.record?.(canaries) ?? { id: '', employee: {} };
    vendor.fake.records.set(id, employee);
    const body = Buffer.from(JSON.stringify(sample.body(canaries)));
    await deliver((at) => ({ headers: sample.headers(body.toString(), new Date(at)), body }));
    const answers = vendor.asked.filter(({ method }) => method !== 'GET').map((request) => request.body);
    expect(answers).toHaveLength(1);
    const all = kept();
    expect(all).toContain(sample.email);
    expect(canaries.planted.filter((planted) => `${all}${answers.join()}`.includes(planted))).toEqual([]);
    expect(answers.join()).not.toContain(sample.email);
  });
}

function silentRules(desk: Desk): void {
  const { reference } = desk;

  it('because it is not approved hears nothing, and is acted on once it is', async () => {
    const { asks, access } = roadOf(desk);
    const asked = await asks({ isApproved: false });
    expect(asked).toMatchObject({ status: 'ignored', outcome: 'unsupported', reference });
    expect(detailsOf(asked)).toContain('looked up: it is not approved');
    expect([access(), desk.told()]).toEqual([[], []]);
    expect(await asks()).toMatchObject({ outcome: 'created' });
  });

  it('because it asks for something else hears nothing', async () => {
    const { asks, access } = roadOf(desk);
    const laptop = await asks({ what: 'other' });
    expect(laptop).toMatchObject({ status: 'ignored', outcome: 'unsupported', reference });
    expect(detailsOf(laptop)).toContain('looked up: its type is none of the words that are configured');
    expect([access(), desk.told()]).toEqual([[], []]);
  });

  it('any more, of which a person was asked before, stays theirs', async () => {
    const { asks, again, access } = roadOf(desk);
    const wrong = await asks({ email: '' });
    desk.write({ isApproved: false });
    const error = { code: 'ticket-not-approved' };
    expect(await again(wrong)).toMatchObject({ status: 'needs-attention', error });
    expect(access()).toEqual([]);
  });
}

function leaverRules(desk: Desk): void {
  it('takes everything, whatever its fields of access say', async () => {
    const { asks, access } = roadOf(desk);
    await asks();
    const leaving = await asks({ ticket: 2, what: 'leave', profile: 'no profile at all' });
    expect(leaving).toMatchObject({ type: 'offboard', outcome: 'revoked' });
    expect(leaving?.event).not.toHaveProperty('access');
    expect(access()).toEqual([[]]);
    expect(desk.told(2)).toEqual([expect.stringMatching(/^All access to Conscent has been taken away\./)]);
  });

  it('is not undone by the ticket that hired them', async () => {
    const { asks, access } = roadOf(desk);
    await asks();
    await asks({ ticket: 2, what: 'leave' });
    const edited = await asks({ profile: 'treasury' });
    expect(edited).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-reopens' } });
    expect(access()).toEqual([[]]);
    expect(desk.told()).toEqual([expect.stringContaining('created'), expect.stringContaining('A person must act.')]);
  });
}

function lookUpRules(desk: Desk): void {
  const { vendor, reference, ticket } = desk;

  it.each(FAILURES)('and is answered %s says nothing about anybody', async (_, fault, found) => {
    desk.write({});
    vendor.fake.fail(fault);
    expect(await vendor.source().lookUp?.(ticket)).toEqual(found);
  });

  it('in vain is looked up again, when the vendor says', async () => {
    const { world, asks, access } = roadOf(desk);
    vendor.fake.fail({ status: 429, retryAfter: '600' });
    expect(await asks()).toMatchObject({ status: 'retrying', error: { code: 'vendor-unavailable' } });
    await world.runFor(590);
    expect(access()).toEqual([]);
    await world.runFor(20);
    expect([access(), desk.told().length]).toEqual([[NEWSROOM], 1]);
  });

  it('by a delivery that only names it is looked up once that is configured', async () => {
    const made = roadOf(desk, { ...CANNOT_ASK, ...desk.namesOnly });
    const named = await made.asks();
    const error = { code: 'ticket-not-fetchable' };
    expect(named).toMatchObject({ status: 'needs-attention', error, reference, ticket });
    expect(made.world.alarms.map(({ code }) => code)).toEqual(['ticket-not-fetchable']);
    expect(await made.again(named)).toMatchObject({ status: 'needs-attention', error });
    const configured = vendor.source();
    made.world.lookUp = async (_, id) => (await configured.lookUp?.(id)) ?? { kind: 'not-found' };
    expect(await made.again(named)).toMatchObject({ type: 'onboard', email: ANA, outcome: 'created' });
    expect(made.access()).toEqual([NEWSROOM]);
  });
}
