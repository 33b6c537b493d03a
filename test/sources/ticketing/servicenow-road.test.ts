/** ServiceNow from a script's delivery to the dashboard. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import { retryJob } from '../../../shared/operate/change-job.ts';
import { journalOf } from '../../fakes/vendors/servicenow.ts';
import { SYS_ID, servicenowSample, snowItem, snowNamed } from '../../fixtures/ticketing/servicenow.ts';
import { DAY } from '../stage.ts';
import { ANA, CANNOT_ASK, detailsOf, NEWSROOM, TREASURY } from './desk.ts';
import { countedAs, useServicenow } from './servicenow-stage.ts';
import { keepTicketRules } from './ticket-rules.ts';

const { vendor, road, item, notes, updates } = useServicenow();
const IRIS = 'iris@press.example';
const CATALOG = { hire: 'New colleague', more: 'More access', leave: 'Colleague leaves', other: 'New laptop' };
const IDS = [SYS_ID, 'a'.repeat(32), 'b'.repeat(32)];
const record = (number: number) => vendor.fake.records.get(IDS[number - 1] ?? '');
keepTicketRules({
  ...{
    vendor,
    sample: servicenowSample,
    ticket: SYS_ID,
    reference: 'RITM0011041',
    emailAt: '/variables/new_hire_email',
  },
  told: (number = 1) => journalOf(record(number)).map(({ text }) => text),
  write: ({ ticket = 1, what = 'hire', email = ANA, profile = 'newsroom', day = '', isApproved = true }) => {
    const asked = snowItem(CATALOG[what], email, { access_profile: profile, effective_date: day });
    const sys_mod_count = String(Number(record(ticket)?.['sys_mod_count'] ?? 0) + 1);
    const more = { number: `RITM001104${ticket}`, sys_mod_count, approval: isApproved ? 'approved' : 'requested' };
    vendor.fake.records.set(IDS[ticket - 1] ?? '', { ...record(ticket), ...asked, ...more });
  },
  road: (settings) => {
    const made = road(settings);
    const name = (number: number) => {
      const { sys_mod_count, number: reference } = record(number) ?? {};
      return made.hint(snowNamed({ sys_id: IDS[number - 1], sys_mod_count, number: reference }));
    };
    return { ...made, name };
  },
});

const newsroom = { access_profile: 'newsroom' };

describe('an approved item', () => {
  it('gives a joiner an account, once its record was fetched', async () => {
    const { order, access } = road();
    const joined = await order('New colleague', IRIS, newsroom);
    expect(joined).toMatchObject({
      type: 'onboard',
      email: IRIS,
      reference: 'RITM0011042',
      deliveryId: countedAs(3),
      outcome: 'created',
    });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('gives a colleague more', async () => {
    const { order, sign, access } = road();
    await order('New colleague', IRIS, newsroom);
    const other = { ...snowNamed({ sys_id: 'a'.repeat(32), number: 'RITM0011050' }), ...snowItem('More access', IRIS) };
    const variables = { new_hire_email: IRIS, access_profile: 'treasury' };
    expect(await sign({ ...other, variables }, 'RITM0011050:1')).toMatchObject({ type: 'change', outcome: 'updated' });
    expect(access()[0]?.toSorted()).toEqual([...NEWSROOM, ...TREASURY].toSorted());
  });

  it('takes all access from a leaver, at the end of the last day', async () => {
    const { order, world, access } = road();
    await order('New colleague', IRIS, newsroom);
    const leaving = await order('Colleague leaves', IRIS, { effective_date: '2026-03-04' });
    expect(leaving).toMatchObject({ type: 'offboard', status: 'scheduled', effectiveAt: '2026-03-05T00:00:00.000Z' });
    expect(access()).toEqual([NEWSROOM]);
    await world.runFor(3 * DAY);
    expect(access()).toEqual([[]]);
  });

  it('that comes again with the same count is looked into again, and asks for nothing', async () => {
    const { order, fire, job } = road();
    const joined = await order('New colleague', IRIS, { ...newsroom, effective_date: '2026-04-01' });
    expect(await fire()).toMatchObject({ deliveryId: joined?.deliveryId, status: 'ignored', outcome: 'unsupported' });
    expect(job(joined?.jobId)).toMatchObject({ status: 'scheduled' });
  });

  it('that comes again before it was looked into is the same job, which is called by its number from the first', async () => {
    const { hint, world, job } = road();
    vendor.fake.records.set(SYS_ID, snowItem('New colleague', IRIS, newsroom));
    vendor.fake.fail({ status: 503 });
    const first = await hint(snowNamed(), 0);
    expect(first).toMatchObject({ status: 'retrying', reference: 'RITM0011042', ticket: SYS_ID, email: null });
    expect((await hint(snowNamed(), 0))?.jobId).toBe(first?.jobId);
    await world.runFor(60);
    expect([world.allJobs().length, job(first?.jobId)?.outcome]).toEqual([1, 'created']);
  });

  it('is asked for by the fields that are read, and no others, as they are stored', async () => {
    await road().order('New colleague', IRIS, newsroom);
    const [asked] = vendor.asked;
    expect(asked).toMatchObject({ method: 'GET', path: `/api/now/table/sc_req_item/${SYS_ID}` });
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({
      sysparm_fields: [
        'sys_id,number,approval,cat_item.name,variables.access_profile,variables.effective_date',
        'variables.employee_number,variables.new_hire_email',
      ].join(),
      sysparm_display_value: 'false',
      sysparm_exclude_reference_link: 'true',
    });
  });

  it('may refer to somebody whose address is dot-walked to', async () => {
    const mapping = { type: '/cat_item/name', person: { email: '/request/requested_for/email' } };
    const request = { sys_id: 'd'.repeat(32), requested_for: { sys_id: 'e'.repeat(32), email: IRIS } };
    const { order } = road({ mapping });
    expect(await order('Colleague leaves', 'nobody', {}, { request })).toMatchObject({ type: 'offboard', email: IRIS });
  });
});

describe('an item that is not approved', () => {
  it('is seen where a signed body says that it is approved, and of a catalog item that is none of ours', async () => {
    const { sign, world } = road();
    const laptop = await sign({ ...snowNamed(), ...snowItem('New laptop', IRIS) });
    expect(laptop).toMatchObject({ status: 'ignored', outcome: 'unsupported', reference: 'RITM0011042' });
    expect(detailsOf(laptop)).toEqual(['approved, but its type is none of the words that are configured']);
    expect([notes(), world.alarms]).toEqual([[], []]);
    const unapproved = { ...snowNamed(), ...snowItem('New colleague', IRIS), approval: 'requested' };
    expect(await sign(unapproved, 'RITM0011042:4')).toBeUndefined();
  });
});

describe('an item whose fields our user may not see', () => {
  it.each<[string, object]>([
    ['its approval is empty', { approval: '' }],
    ['its approval is not there', { approval: undefined }],
    ['its catalog item has no name', { cat_item: { sys_id: 'c0ffee' } }],
  ])('is never taken for one that asks nothing: %s', async (_, hidden) => {
    const { order, world, access } = road();
    await order('New colleague', IRIS, newsroom);
    const leaving = await order('Colleague leaves', IRIS, {}, hidden);
    expect(leaving).toMatchObject({ status: 'retrying', error: { code: 'record-incomplete' } });
    vendor.fake.records.set(SYS_ID, { ...item(), ...snowItem('Colleague leaves', IRIS) });
    await world.runFor(60);
    expect(access()).toEqual([[]]);
  });

  describe('its approval of our own choosing among them', () => {
    const HIDDEN: [string, string, object][] = [
      ['a field that is empty', '/u_manager_ok', { u_manager_ok: '' }],
      ['a field of blanks', '/u_manager_ok', { u_manager_ok: ' ' }],
      ['a field that is not there', '/u_manager_ok', {}],
      ['one that is dot-walked to', '/request/u_manager_ok', { request: { sys_id: 'd'.repeat(32) } }],
    ];
    const approvedAt = (at: string) => road({ approved: { at, values: ['yes'] } });

    it.each(HIDDEN)('loses no leaver in silence: %s', async (_, at, hidden) => {
      const { order, sign, world, access, job } = approvedAt(at);
      const other = snowNamed({ sys_id: 'a'.repeat(32), number: 'RITM0011001' });
      await sign({ ...other, type: 'onboard', person: { email: IRIS }, access: { profile: 'newsroom' } });
      const leaving = await order('Colleague leaves', IRIS, {}, hidden);
      expect(leaving).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-unreadable' } });
      expect(leaving?.error?.detail.endsWith(` Wrong: ${at}.`)).toBe(true);
      expect(world.alarms.map(({ code }) => code)).toContain('ticket-unreadable');
      const shown = { u_manager_ok: 'yes', request: { u_manager_ok: 'yes' } };
      vendor.fake.records.set(SYS_ID, { ...item(), ...shown });
      await retryJob(world, { jobId: leaving?.jobId ?? '', by: 'it-desk' });
      await world.runFor(60);
      expect([job(leaving?.jobId)?.outcome, access()]).toEqual(['revoked', [[]]]);
    });

    it.each(HIDDEN)('lets nobody in: %s', async (_, at, hidden) => {
      const { order, access } = approvedAt(at);
      const joining = await order('New colleague', IRIS, newsroom, hidden);
      expect(joining).toMatchObject({ error: { code: 'ticket-unreadable' } });
      expect(access()).toEqual([]);
    });

    it('asks nothing where it says another word than the approved ones', async () => {
      const asked = await approvedAt('/u_manager_ok').order('Colleague leaves', IRIS, {}, { u_manager_ok: 'pending' });
      expect(asked).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    });
  });

  it('is none where another answers in its stead', async () => {
    vendor.fake.records.set(SYS_ID, snowItem('Colleague leaves', IRIS));
    const shown = { number: 'RITM0011042', approval: 'approved', 'cat_item.name': 'Colleague leaves' };
    const result = { ...shown, sys_id: 'b'.repeat(32), 'variables.new_hire_email': IRIS };
    vendor.instead(SYS_ID, { status: 200, body: { result } });
    expect(await vendor.source().lookUp?.(SYS_ID)).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });
});

describe('a look-up', () => {
  it('is never of what is no sys_id, which might lead elsewhere', async () => {
    for (const id of ['', '../sys_user', `${SYS_ID}/x`, `${SYS_ID}?a=b`, SYS_ID.toUpperCase(), `${SYS_ID}\n`])
      expect(await vendor.source().lookUp?.(id)).toEqual({ kind: 'not-found' });
    expect(vendor.fake.requests).toEqual([]);
  });

  it('of an item that is gone is no termination: it needs a person', async () => {
    const { order, hint, access, world } = road();
    await order('New colleague', IRIS, newsroom);
    vendor.fake.records.delete(SYS_ID);
    const gone = await hint(snowNamed({ sys_mod_count: '9' }), DAY);
    expect(gone).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-not-found' } });
    expect(access()).toEqual([NEWSROOM]);
    expect([world.alarms.map(({ code }) => code), updates()]).toEqual([['ticket-not-found'], 1]);
  });

  it('that finds no event needs a person, and names the fields that are wrong', async () => {
    const { order, kept } = road();
    const job = await order('New colleague', 'canary of no address', newsroom);
    expect(job).toMatchObject({ status: 'needs-attention', error: { code: 'ticket-unreadable' } });
    expect(job?.error?.detail).toMatch(/ Wrong: \/variables\/new_hire_email\.$/);
    expect(kept()).not.toContain('canary of');
  });
});

describe('a forged delivery', () => {
  const forged = { ...snowNamed({ sys_mod_count: '8' }), type: 'offboard', person: { email: 'editor@press.example' } };

  it('by somebody who learned the password only has the item looked up, and what is there counts', async () => {
    const { sign, hint, users, world } = road();
    await sign({
      ...snowNamed(),
      type: 'onboard',
      person: { email: 'editor@press.example' },
      access: { profile: 'newsroom' },
    });
    vendor.fake.records.set(SYS_ID, snowItem('New colleague', IRIS, newsroom));
    expect(await hint(forged)).toMatchObject({ type: 'onboard', email: IRIS });
    await hint({
      ...snowNamed({ sys_mod_count: '9' }),
      approval: 'approved',
      variables: { new_hire_email: 'mallory@evil.example' },
    });
    expect(users()).toEqual([
      { email: 'editor@press.example', permissions: NEWSROOM },
      { email: IRIS, permissions: NEWSROOM },
    ]);
    expect(JSON.stringify(world.allPeople())).not.toContain('mallory');
  });

  it('cannot be looked up without an API, and waits for a person, who may let it pass', async () => {
    const { sign, hint, access, world, job } = road({ ...CANNOT_ASK });
    await sign({
      ...snowNamed(),
      type: 'onboard',
      person: { email: 'editor@press.example' },
      access: { profile: 'newsroom' },
    });
    const waiting = await hint(forged);
    expect(waiting).toMatchObject({ status: 'needs-attention', error: { code: 'unconfirmed' } });
    expect(access()).toEqual([NEWSROOM]);
    await retryJob(world, { jobId: waiting?.jobId ?? '', by: 'it-desk' });
    await world.runFor(1);
    expect(job(waiting?.jobId)).toMatchObject({ outcome: 'revoked' });
  });

  it('is acted on where the publisher trusts the credential', async () => {
    const { sign, hint, access } = road({ ...CANNOT_ASK, trust: 'static' });
    await sign({
      ...snowNamed(),
      type: 'onboard',
      person: { email: 'editor@press.example' },
      access: { profile: 'newsroom' },
    });
    expect(await hint(forged)).toMatchObject({ outcome: 'revoked' });
    expect(access()).toEqual([[]]);
  });

  it.each<[string, object, object]>([
    ['trusted', { trust: 'static' }, { type: 'offboard', person: { email: 'nobody@press.example' } }],
    ['confirmed by a person', {}, { type: 'offboard', person: { email: 'nobody@press.example' } }],
    ['a mere name', { trust: 'static' }, {}],
  ])('under the count of a leaver to come does not take their place: %s', async (_, settings, said) => {
    const { sign, hint, access, world, job } = road({ ...CANNOT_ASK, ...settings });
    await sign({ ...snowNamed(), type: 'onboard', person: { email: IRIS }, access: { profile: 'newsroom' } });
    const forgedFirst = await hint({ ...snowNamed({ sys_mod_count: '9' }), ...said });
    const genuine = { ...snowNamed({ sys_mod_count: '9' }), type: 'offboard', person: { email: IRIS } };
    const leaving = await hint(genuine);
    expect(leaving?.jobId).not.toBe(forgedFirst?.jobId);
    // The same bytes again are the same job.
    expect((await hint(genuine))?.jobId).toBe(leaving?.jobId);
    if (leaving?.error) await retryJob(world, { jobId: leaving.jobId, by: 'it-desk' });
    await world.runFor(1);
    expect(job(leaving?.jobId)).toMatchObject({ email: IRIS, outcome: 'revoked' });
    expect(access()).toEqual([[]]);
  });

  it('with its signature taken off and no credential, or with another body, is not let in', async () => {
    const { deliver } = road();
    const headers = { 'webhook-id': 'RITM0011042:3', 'webhook-timestamp': '1772438400' };
    await expect(deliver({ headers, body: Buffer.from(JSON.stringify(forged)) })).rejects.toThrow(/signature/);
  });
});
