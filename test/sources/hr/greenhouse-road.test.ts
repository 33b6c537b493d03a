/** Greenhouse from its webhook to the dashboard. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import { greenhouse } from '../../../shared/sources/hr/greenhouse.ts';
import { post } from '../../fakes/post.ts';
import { greenhouseHeaders, greenhouseSample, hire, unhire } from '../../fixtures/hr/greenhouse.ts';
import { DAY, roadOf, wire } from '../stage.ts';

const ZOE = 'zoe.obrien@press.example';

function road(more: object = {}) {
  const settings = {
    ...greenhouseSample.settings(''),
    workEmailPattern: '{firstName}.{lastName}@press.example',
    ...more,
  };
  const made = roadOf((context) => greenhouse(settings, context));
  const send = (body: object, eventId?: string) =>
    made.deliver({
      headers: greenhouseHeaders(JSON.stringify(body), { ...(eventId && { eventId }) }),
      body: wire(body),
    });
  return { ...made, send };
}

const NEWSROOM = ['paywallBuilder', 'journey'];

describe('a hire', () => {
  it('is a joiner on the first day, there', async () => {
    const { world, send, access, job } = road({ timeZone: 'America/Los_Angeles' });
    const [hired] = await send(hire());
    expect(hired).toMatchObject({ status: 'scheduled', email: ZOE, effectiveAt: '2026-03-20T07:00:00.000Z' });
    await world.runFor(17 * DAY);
    expect(access()).toEqual([]);
    await world.runFor(DAY);
    expect(access()).toEqual([NEWSROOM]);
    expect(job(hired?.jobId)).toMatchObject({ outcome: 'created' });
  });

  it('that comes again is the same job', async () => {
    const { world, send } = road();
    await send(hire(), 'evt-1');
    await send(hire(), 'evt-1');
    expect(world.allJobs()).toHaveLength(1);
  });

  it('whose first day is moved is a joiner on the new day', async () => {
    const { world, send, access } = road();
    await send(hire());
    await send(hire({ offer: { version: 4, starts_at: '2026-03-25' } }));
    await world.runFor(21 * DAY);
    expect(access()).toEqual([]);
    await world.runFor(2 * DAY);
    expect(access()).toEqual([NEWSROOM]);
  });

  it('without an address is for a person, and trying it again finds nobody to ask', async () => {
    const { world, send } = road({ workEmailPattern: undefined });
    const [job] = await send(hire());
    expect(job).toMatchObject({ status: 'needs-attention', error: { code: 'no-email' } });
    expect(world.alarms.map(({ code }) => code)).toContain('no-email');
    expect(await world.lookUp('greenhouse', '88021')).toEqual({ kind: 'not-found' });
  });
});

describe('a hire that is taken back', () => {
  it('before the first day never gets access', async () => {
    const { world, send, access, job } = road();
    const [hired] = await send(hire());
    await world.runFor(5 * DAY);
    const [taken] = await send(unhire());
    expect(taken).toMatchObject({ type: 'offboard', status: 'succeeded', outcome: 'unchanged' });
    expect(job(hired?.jobId)).toMatchObject({ status: 'ignored', outcome: 'superseded' });
    await world.runFor(30 * DAY);
    expect(access()).toEqual([]);
  });

  it('and made again is a joiner again', async () => {
    const { world, send, access } = road();
    await send(hire(), 'evt-1');
    await send(unhire(), 'evt-2');
    await send(hire({ offer: { version: 4, starts_at: '2026-03-10' } }), 'evt-3');
    await world.runFor(10 * DAY);
    expect(access()).toEqual([NEWSROOM]);
  });

  it('is not brought back by its old delivery under a new id', async () => {
    const { world, send, access } = road();
    await send(hire(), 'evt-1');
    await send(unhire(), 'evt-2');
    await send(hire(), 'evt-3');
    await world.runFor(30 * DAY);
    expect(access()).toEqual([]);
    expect(world.allJobs()).toHaveLength(2);
  });

  it('after the first day leaves the access alone and needs a person', async () => {
    const { world, send, access, job } = road();
    await send(hire());
    await world.runFor(20 * DAY);
    const [taken] = await send(unhire());
    expect(taken).toMatchObject({ status: 'needs-attention', error: { code: 'hire-begun' } });
    expect(world.alarms.map(({ code }) => code)).toContain('hire-begun');
    expect(access()).toEqual([NEWSROOM]);
    await post(world, { type: 'offboard', person: { email: ZOE } });
    await world.runFor(1);
    expect(access()).toEqual([[]]);
    expect(job(taken?.jobId)?.status).toBe('succeeded');
  });

  it('of somebody who works there already ends nothing', async () => {
    const { world, send, access } = road();
    await post(world, { type: 'onboard', person: { email: ZOE, department: 'Treasury' } });
    await send(hire());
    const [taken] = await send(unhire());
    await world.runFor(DAY);
    expect(taken).toMatchObject({ status: 'needs-attention', error: { code: 'hire-begun' } });
    expect(access()).toEqual([['payments', 'billing']]);
  });

  it('of whom nothing was heard says nothing, and makes nobody’s later hire an end', async () => {
    const { world, send, access } = road();
    const [taken] = await send(unhire());
    expect(taken).toMatchObject({ status: 'succeeded', outcome: 'unchanged' });
    await send(hire({ offer: { version: 1, starts_at: '2026-03-01' } }));
    await world.runFor(DAY);
    expect(access()).toEqual([NEWSROOM]);
  });
});

describe('a deleted candidate', () => {
  it('who was hired keeps their access until a person has judged', async () => {
    const { world, send, access } = road();
    await send(hire({ offer: { version: 1, starts_at: '2026-03-01' } }));
    const [deleted] = await send({ action: 'delete_candidate', payload: { person: { id: 88021 } } });
    await world.runFor(DAY);
    expect(deleted).toMatchObject({ status: 'needs-attention', error: { code: 'employee-deleted' } });
    expect(access()).toEqual([NEWSROOM]);
  });
});
