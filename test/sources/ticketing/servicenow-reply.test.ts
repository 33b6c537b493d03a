/** What a requested item hears of its job, and that what it hears makes no end of answers. */
import { describe, expect, it } from 'vitest';
import { retryJob } from '../../../shared/operate/change-job.ts';
import { SNOW_USER, SYS_ID, snowItem, snowNamed } from '../../fixtures/ticketing/servicenow.ts';
import { DAY } from '../stage.ts';
import { NEWSROOM } from './desk.ts';
import { countedAs, useServicenow } from './servicenow-stage.ts';

const { vendor, road, item, notes, updates } = useServicenow();
const IRIS = 'iris@press.example';
const newsroom = { access_profile: 'newsroom' };

describe('the item hears', () => {
  it('what became of its job, once, in its work notes, and is closed', async () => {
    const { order, world } = road();
    const job = await order('New colleague', IRIS, newsroom);
    await world.runFor(DAY);
    expect(notes()).toEqual([
      {
        field: 'work_notes',
        text: `The Conscent account has been created. (conscent-lifecycle job ${job?.jobId})`,
        by: SNOW_USER,
      },
    ]);
    expect(item()).toMatchObject({ state: '3' });
    const told = vendor.asked.filter(({ method }) => method === 'PATCH');
    expect(told).toMatchObject([{ headers: { 'x-no-response-body': 'true', 'content-type': 'application/json' } }]);
    expect(JSON.parse(told[0]?.body ?? '')).toEqual({ work_notes: notes()[0]?.text, state: '3' });
  });

  it('also what a signed delivery came to', async () => {
    vendor.fake.records.set(SYS_ID, snowItem('New colleague', IRIS));
    const access = { profile: 'newsroom' };
    await road().sign({ ...snowNamed(), type: 'onboard', person: { email: IRIS }, access });
    expect(notes()).toMatchObject([{ text: expect.stringContaining('has been created') as string }]);
  });

  it('in what the customer reads, and with no state, where that is configured', async () => {
    await road({ reply: { field: 'comments' } }).order('New colleague', IRIS, newsroom);
    expect(notes()).toMatchObject([{ field: 'comments' }]);
    expect(item()).toMatchObject({ state: '2' });
  });

  it('that a person must act, in a state of its own, and then how it went on', async () => {
    const reply = { states: { 'needs-attention': '-5', succeeded: '3' } };
    const { order, world, job } = road({ reply });
    const waiting = await order('New colleague', 'no address', newsroom);
    expect(item()).toMatchObject({ state: '-5' });
    vendor.fake.records.set(SYS_ID, { ...item(), variables: { new_hire_email: IRIS, ...newsroom } });
    await retryJob(world, { jobId: waiting?.jobId ?? '', by: 'it-desk' });
    await world.runFor(60);
    expect(job(waiting?.jobId)).toMatchObject({ outcome: 'created' });
    expect(notes().map(({ text }) => text.split('.')[0])).toEqual([
      'A person must act',
      'The Conscent account has been created',
    ]);
    expect(item()).toMatchObject({ state: '3' });
  });

  it('that what was signed for it cannot be read, which its job names it by', async () => {
    const { sign, world } = road();
    vendor.fake.records.set(SYS_ID, snowItem('New colleague', IRIS));
    const wrong = await sign({ ...snowNamed(), type: 'onboard', person: { email: 'canary of no address' } });
    const error = { code: 'ticket-unreadable' };
    expect(wrong).toMatchObject({ status: 'needs-attention', error, reference: 'RITM0011042', ticket: SYS_ID });
    expect(wrong?.history[0]?.detail).toMatch(/^sha256 [0-9a-f]{64}; wrong at \/person\/email$/);
    expect(notes().map(({ text }) => text.split('.')[0])).toEqual(['A person must act']);
    expect(world.alarms.map(({ code }) => code)).toEqual(['ticket-unreadable']);
  });

  it('nothing of a body that does not name it', async () => {
    const { sign } = road();
    vendor.fake.records.set(SYS_ID, snowItem('New colleague', IRIS));
    const unnamed = { record: { number: 'RITM0011042', sys_mod_count: '3' }, type: 'onboard', person: { email: IRIS } };
    expect(await sign(unnamed)).toMatchObject({ error: { code: 'unreadable' }, reference: null });
    expect(notes()).toEqual([]);
  });

  it('nothing of a job that it has itself replaced, but what became of the next', async () => {
    const { order, world, job } = road();
    const first = await order('Colleague leaves', IRIS, { effective_date: '2026-03-10' });
    await order('Colleague leaves', IRIS, { effective_date: '2026-03-05' });
    await world.runFor(9 * DAY);
    expect(job(first?.jobId)).toMatchObject({ status: 'ignored', outcome: 'superseded' });
    expect(job(first?.jobId)?.history.map(({ detail }) => detail)).toContain(
      'the ticket has said something else since, and hears of that',
    );
    expect(notes()).toHaveLength(1);
  });

  it('nothing where no reply is configured', async () => {
    await road({ reply: undefined }).order('New colleague', IRIS, newsroom);
    expect([notes(), updates()]).toEqual([[], 0]);
  });

  it('no word of the event, and no address', async () => {
    await road().order('Colleague leaves', IRIS);
    expect(JSON.stringify(notes())).not.toMatch(/iris|press\.example|newsroom/);
  });
});

describe('an item that cannot be told', () => {
  it.each([401, 403, 429, 500, 503])(
    'because of a %d is told later, and the access is not kept waiting',
    async (status) => {
      const { order, access, world, job } = road();
      vendor.fake.records.set(SYS_ID, snowItem('New colleague', IRIS, newsroom));
      vendor.fake.fail({ status: 200, body: JSON.stringify({ result: shown() }) });
      vendor.fake.fail({ status });
      const created = await order('New colleague', IRIS, newsroom);
      const standing = 'succeeded/created';
      const trying = { standing, failures: 1, nextAt: expect.any(String) as string };
      expect(created).toMatchObject({ outcome: 'created', reply: { told: null, trying } });
      expect([access(), notes(), updates()]).toEqual([[NEWSROOM], [], 1]);
      await world.runFor(60);
      expect([notes().length, updates()]).toEqual([1, 2]);
      expect(job(created?.jobId)?.reply).toEqual({ told: standing, trying: null });
    },
  );

  it('is told when ServiceNow says that it may', async () => {
    const { order, world } = road();
    vendor.fake.fail({ status: 200, body: JSON.stringify({ result: shown() }) });
    vendor.fake.fail({ status: 429, retryAfter: '600' });
    await order('New colleague', IRIS, newsroom);
    await world.runFor(590);
    expect(updates()).toBe(1);
    await world.runFor(20);
    expect(notes()).toHaveLength(1);
  });

  it.each([400, 404])('because of a %d never will be: that is alarmed, and the job stays as it is', async (status) => {
    const { order, world, job } = road();
    vendor.fake.fail({ status: 200, body: JSON.stringify({ result: shown() }) });
    vendor.fake.fail({ status });
    const told = await order('New colleague', IRIS, newsroom);
    await world.runFor(DAY);
    expect(updates()).toBe(1);
    expect(world.alarms.map(({ code }) => code)).toEqual(['reply-undelivered']);
    expect(job(told?.jobId)).toMatchObject({ status: 'succeeded', outcome: 'created' });
  });
});

/** The item as the API shows it, so that what goes wrong next is the telling. */
function shown(): Record<string, string> {
  return {
    sys_id: SYS_ID,
    number: 'RITM0011042',
    approval: 'approved',
    'cat_item.name': 'New colleague',
    'variables.new_hire_email': IRIS,
    'variables.access_profile': 'newsroom',
  };
}

describe('our own update, which the rule sends like any other,', () => {
  it.each<[string, string, object]>([
    ['an onboard', 'New colleague', newsroom],
    ['an offboard', 'Colleague leaves', {}],
    ['a grant', 'More access', newsroom],
  ])('makes no second answer to %s', async (_, name, variables) => {
    const { order, sign, fire, world } = road();
    const other = { ...snowNamed({ sys_id: 'a'.repeat(32), number: 'RITM0011001' }), type: 'onboard' };
    if (name !== 'New colleague') await sign({ ...other, person: { email: IRIS }, access: { profile: 'treasury' } });
    const first = await order(name, IRIS, variables);
    expect(first).toMatchObject({ status: 'succeeded' });
    expect([notes().length, item()?.['sys_mod_count']]).toEqual([1, '4']);
    const calls = world.fake.calls.length;
    const again = await fire(600);
    expect(again).toMatchObject({ deliveryId: countedAs(4), status: 'ignored', outcome: 'unsupported' });
    expect([notes().length, item()?.['sys_mod_count'], world.fake.calls.length]).toEqual([1, '4', calls]);
    expect(again?.jobId).not.toBe(first?.jobId);
  });

  it('makes no end of answers either where the item needs a person each time', async () => {
    const { order, fire } = road();
    expect(await order('New colleague', 'no address', newsroom)).toMatchObject({
      error: { code: 'ticket-unreadable' },
    });
    const again = await fire();
    expect(again).toMatchObject({ deliveryId: countedAs(4), error: { code: 'ticket-unreadable' } });
    expect(again?.history.map(({ detail }) => detail)).toContain('the ticket has heard this already');
    expect([notes().length, item()?.['sys_mod_count']]).toEqual([1, '4']);
  });

  it('and whatever a person does next is heard', async () => {
    const { order, access } = road();
    await order('New colleague', IRIS, newsroom);
    expect(await order('Colleague leaves', IRIS)).toMatchObject({ outcome: 'revoked' });
    expect([access(), notes().length]).toEqual([[[]], 2]);
  });
});
