/**
 * What each source's events may state (rule 3): by default, and as its configuration says. And that a source cannot re-open a person whom
 * another one ended, across two vendors: in full for Remote's records and Greenhouse's hires, in short for every other vendor.
 */
import { describe, expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import type { Authority } from '../../shared/lifecycle/fact.ts';
import type { EmployeeRecord } from '../../shared/lifecycle/lookup.ts';
import { findSource } from '../../shared/sources/registry.ts';
import { post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { greenhouseSample, hire, unhire } from '../fixtures/hr/greenhouse.ts';
import { remoteSample } from '../fixtures/hr/remote.ts';
import { newCanaries, type Sample } from '../fixtures/sample.ts';
import { HR_SAMPLES } from '../fixtures/samples.ts';
import { SECRET, SETTING } from '../sources/signed.ts';

const BASE = 'http://127.0.0.1:9';
/** A source's settings, and what it may state by default. */
const SOURCES: readonly [source: string, settings: object, authority: Authority[]][] = [
  ...HR_SAMPLES.map(({ source, settings }): (typeof SOURCES)[number] => [
    source,
    settings(BASE),
    ['employment', 'attributes'],
  ]),
  ['standard-webhooks', { signingSecrets: [SECRET] }, ['employment', 'attributes']],
];

const sourceOf = (name: string, settings: object) => findSource(name, { [name]: settings }, SETTING);

describe.each(SOURCES)('%s', (name, settings, authority) => {
  test(`may state ${authority.join(' and ')} by default`, async () => {
    expect((await sourceOf(name, settings))?.authority).toEqual(authority);
  });

  test('may state what its configuration says, be it nothing', async () => {
    for (const other of [['attributes'], ['employment', 'attributes', 'grants'], []])
      expect((await sourceOf(name, { ...settings, authority: other }))?.authority).toEqual(other);
  });

  test('may not be configured to state what nobody can', async () => {
    await expect(sourceOf(name, { ...settings, authority: ['everything'] })).rejects.toThrow(`${name}.authority`);
  });
});

const DAY = 86_400;
const ZOE = 'zoe.88021@press.example';
const NEWSROOM = ['paywallBuilder', 'journey'];
const RECORD: EmployeeRecord = {
  employeeId: 'e-1',
  email: ZOE,
  start: '2026-02-02',
  end: null,
  attributes: { department: 'Newsroom' },
};

/** The vendors on one world: Greenhouse's bodies are read, the others' records are looked up. */
function vendors(authority: Readonly<Record<string, Authority[]>> = {}) {
  const world = memoryWorld();
  const hear = async ({ source: name, settings }: Sample, body: object) => {
    const source = await sourceOf(name, { ...settings(BASE), ...limit(authority[name]) });
    const receivedAt = world.clock.now();
    const reading = source?.read({ headers: {}, body: Buffer.from(JSON.stringify(body)), receivedAt });
    if (!source || reading?.kind !== 'notices') throw new Error('the fixture cannot be read');
    const receipt = { source: name, authority: source.authority, deliveryId: '', requestHash: null, receivedAt };
    const [accepted] = await accept(world, reading.notices, { ...receipt, seed: world.newId() });
    // BambooHR is asked two seconds later.
    await world.runFor(3);
    return world.allJobs().find(({ jobId }) => jobId === accepted?.job.jobId);
  };
  /** What a vendor says when its record has changed to this. */
  const recordAt = (sample: Sample, more: Partial<EmployeeRecord>) => {
    const canaries = newCanaries();
    const id = sample.record?.(canaries).id;
    world.records.set(`${sample.source} ${id}`, { kind: 'record', record: { ...RECORD, ...more } });
    return hear(sample, sample.body(canaries));
  };
  return {
    world,
    recordAt,
    record: (more: Partial<EmployeeRecord>) => recordAt(remoteSample, more),
    hired: (starts_at: string) => hear(greenhouseSample, hire({ offer: { version: 1, starts_at } })),
    unhired: () => hear(greenhouseSample, unhire()),
  };
}

const limit = (authority: Authority[] | undefined) => (authority ? { authority } : {});
const access = (world: MemoryWorld) => world.fake.users.map(({ permissions }) => permissions);

describe('a person whom Remote ended', () => {
  test('is not re-opened by a hire in Greenhouse, which needs attention', async () => {
    const { world, record, hired } = vendors();
    await record({});
    await record({ end: '2026-02-28' });
    expect(access(world)).toEqual([[]]);
    const again = await hired('2026-03-01');
    expect(again).toMatchObject({ status: 'needs-attention', error: { code: 'ended-elsewhere' } });
    await world.runFor(5 * DAY);
    expect(access(world)).toEqual([[]]);
  });

  test('on a day to come still leaves on that day, whatever Greenhouse hires them for', async () => {
    const { world, record, hired } = vendors();
    await record({ end: '2026-03-10' });
    expect(await hired('2026-03-05')).toMatchObject({ error: { code: 'ended-elsewhere' } });
    await world.runFor(10 * DAY);
    expect(access(world)).toEqual([[]]);
  });

  test('is re-opened by Remote, and by whoever posts the onboard to /events', async () => {
    const { world, record, hired } = vendors();
    await record({ end: '2026-02-28' });
    const again = await hired('2026-03-01');
    await post(world, { type: 'onboard', person: { email: ZOE } });
    await world.runFor(1);
    expect(access(world)).toEqual([NEWSROOM]);
    expect(world.allJobs().find(({ jobId }) => jobId === again?.jobId)?.status).not.toBe('needs-attention');
    await record({ end: '2026-03-01' });
    await record({ end: null });
    expect(access(world)).toEqual([NEWSROOM]);
  });
});

const LOOKED_UP = HR_SAMPLES.filter(({ record }) => record);

describe.each(LOOKED_UP)('a person whom $source ended', (sample) => {
  test('is not re-opened by Greenhouse, but by the vendor itself', async () => {
    const { world, recordAt, hired } = vendors();
    await recordAt(sample, {});
    await recordAt(sample, { end: '2026-02-28' });
    expect(access(world)).toEqual([[]]);
    expect(await hired('2026-03-01')).toMatchObject({
      status: 'needs-attention',
      error: { code: 'ended-elsewhere' },
    });
    await world.runFor(5 * DAY);
    expect(access(world)).toEqual([[]]);
    await recordAt(sample, { end: null });
    expect(access(world)).toEqual([NEWSROOM]);
  });
});

describe.each(LOOKED_UP.filter((sample) => sample !== remoteSample))('a person whom Remote ended', (sample) => {
  test(`is not re-opened by ${sample.source}`, async () => {
    const { world, record, recordAt } = vendors();
    await record({ end: '2026-02-28' });
    expect(await recordAt(sample, { start: '2026-03-01' })).toMatchObject({
      status: 'needs-attention',
      error: { code: 'ended-elsewhere' },
    });
    await world.runFor(5 * DAY);
    expect(access(world)).toEqual([]);
  });
});

describe('a hire that Greenhouse took back', () => {
  test('is not made again by Remote, which needs attention, but by Greenhouse', async () => {
    const { world, record, hired, unhired } = vendors();
    await hired('2026-03-10');
    await unhired();
    expect(await record({ start: '2026-03-10' })).toMatchObject({ error: { code: 'ended-elsewhere' } });
    await world.runFor(10 * DAY);
    expect(access(world)).toEqual([]);
    await hired('2026-03-13');
    await world.runFor(2 * DAY);
    expect(access(world)).toEqual([NEWSROOM]);
  });

  test('ends nothing of somebody who works there by Remote’s record', async () => {
    const { world, record, hired, unhired } = vendors();
    await record({});
    await hired('2026-03-10');
    expect(await unhired()).toMatchObject({ error: { code: 'hire-begun' } });
    await world.runFor(20 * DAY);
    expect(access(world)).toEqual([NEWSROOM]);
  });
});

describe('a source without authority', () => {
  test('over employment makes no joiner, and the history says what was left out', async () => {
    const { world, hired } = vendors({ greenhouse: ['attributes'] });
    const job = await hired('2026-03-01');
    expect(job?.history[0]?.detail).toContain('left out, because greenhouse has no authority over them: employment');
    await world.runFor(DAY);
    expect(access(world)).toEqual([]);
  });

  test('over attributes changes nobody’s permissions', async () => {
    const { world, record, hired } = vendors({ remote: ['employment'] });
    await hired('2026-03-01');
    await record({ attributes: { department: 'Treasury' } });
    await world.runFor(DAY);
    expect(access(world)).toEqual([NEWSROOM]);
  });

  test('over employment ends it all the same: an end counts from every source', async () => {
    const { world, record, hired } = vendors({ remote: [] });
    await hired('2026-03-01');
    await record({ end: '2026-03-01' });
    expect(access(world)).toEqual([[]]);
  });
});
