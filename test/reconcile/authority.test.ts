/**
 * What each source's events may state (rule 3): by default, and as its configuration says. And that a source cannot re-open a person whom
 * another one ended, across two vendors: Remote's records and Greenhouse's hires.
 */
import { describe, expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import type { Authority } from '../../shared/lifecycle/fact.ts';
import type { EmployeeRecord } from '../../shared/lifecycle/ports.ts';
import { findSource } from '../../shared/sources/registry.ts';
import { post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { factorialSample } from '../fixtures/hr/factorial.ts';
import { greenhouseSample, hire, unhire } from '../fixtures/hr/greenhouse.ts';
import { remoteSample } from '../fixtures/hr/remote.ts';
import { SECRET, SETTING } from '../sources/signed.ts';

const BASE = 'http://127.0.0.1:9';
/** A source's settings, and what it may state by default. */
const SOURCES: readonly [source: string, settings: object, authority: Authority[]][] = [
  ['factorial', factorialSample.settings(BASE), ['employment', 'attributes']],
  ['greenhouse', greenhouseSample.settings(BASE), ['employment', 'attributes']],
  ['remote', remoteSample.settings(BASE), ['employment', 'attributes']],
  ['standard-webhooks', { signingSecrets: [SECRET] }, ['employment', 'attributes']],
];

const sourceOf = (name: string, settings: object) => findSource(name, { [name]: settings }, SETTING);

describe.each(SOURCES)('%s', (name, settings, authority) => {
  test(`may state ${authority.join(' and ')} by default`, () => {
    expect(sourceOf(name, settings)?.authority).toEqual(authority);
  });

  test('may state what its configuration says, be it nothing', () => {
    for (const other of [['attributes'], ['employment', 'attributes', 'grants'], []])
      expect(sourceOf(name, { ...settings, authority: other })?.authority).toEqual(other);
  });

  test('may not be configured to state what nobody can', () => {
    expect(() => sourceOf(name, { ...settings, authority: ['everything'] })).toThrow(`${name}.authority`);
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

/** Both vendors on one world: Greenhouse's bodies are read, Remote's records are looked up. */
function twoVendors(authority: { greenhouse?: Authority[]; remote?: Authority[] } = {}) {
  const world = memoryWorld();
  const sources = {
    greenhouse: sourceOf('greenhouse', { ...greenhouseSample.settings(BASE), ...limit(authority.greenhouse) }),
    remote: sourceOf('remote', { ...remoteSample.settings(BASE), ...limit(authority.remote) }),
  };
  const hear = async (name: 'greenhouse' | 'remote', body: object) => {
    const source = sources[name];
    const receivedAt = world.clock.now();
    const reading = source?.read({ headers: {}, body: Buffer.from(JSON.stringify(body)), receivedAt });
    if (!source || reading?.kind !== 'notices') throw new Error('the fixture cannot be read');
    const receipt = { source: name, authority: source.authority, deliveryId: '', requestHash: null, receivedAt };
    const [accepted] = await accept(world, reading.notices, { ...receipt, seed: world.newId() });
    await world.runFor(1);
    return world.allJobs().find(({ jobId }) => jobId === accepted?.job.jobId);
  };
  const record = (more: Partial<EmployeeRecord>) => {
    const employment_id = '0d6c9a4e-3c58-4a6b-8f0e-1b2c3d4e5f60';
    world.records.set(`remote ${employment_id}`, { kind: 'record', record: { ...RECORD, ...more } });
    return hear('remote', { event_type: 'employment.updated', employment_id });
  };
  return {
    world,
    record,
    hired: (starts_at: string) => hear('greenhouse', hire({ offer: { version: 1, starts_at } })),
    unhired: () => hear('greenhouse', unhire()),
  };
}

const limit = (authority: Authority[] | undefined) => (authority ? { authority } : {});
const access = (world: MemoryWorld) => world.fake.users.map(({ permissions }) => permissions);

describe('a person whom Remote ended', () => {
  test('is not re-opened by a hire in Greenhouse, which needs attention', async () => {
    const { world, record, hired } = twoVendors();
    await record({});
    await record({ end: '2026-02-28' });
    expect(access(world)).toEqual([[]]);
    const again = await hired('2026-03-01');
    expect(again).toMatchObject({ status: 'needs-attention', error: { code: 'ended-elsewhere' } });
    await world.runFor(5 * DAY);
    expect(access(world)).toEqual([[]]);
  });

  test('on a day to come still leaves on that day, whatever Greenhouse hires them for', async () => {
    const { world, record, hired } = twoVendors();
    await record({ end: '2026-03-10' });
    expect(await hired('2026-03-05')).toMatchObject({ error: { code: 'ended-elsewhere' } });
    await world.runFor(10 * DAY);
    expect(access(world)).toEqual([[]]);
  });

  test('is re-opened by Remote, and by whoever posts the onboard to /events', async () => {
    const { world, record, hired } = twoVendors();
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

describe('a hire that Greenhouse took back', () => {
  test('is not made again by Remote, which needs attention, but by Greenhouse', async () => {
    const { world, record, hired, unhired } = twoVendors();
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
    const { world, record, hired, unhired } = twoVendors();
    await record({});
    await hired('2026-03-10');
    expect(await unhired()).toMatchObject({ error: { code: 'hire-begun' } });
    await world.runFor(20 * DAY);
    expect(access(world)).toEqual([NEWSROOM]);
  });
});

describe('a source without authority', () => {
  test('over employment makes no joiner, and the history says what was left out', async () => {
    const { world, hired } = twoVendors({ greenhouse: ['attributes'] });
    const job = await hired('2026-03-01');
    expect(job?.history[0]?.detail).toContain('left out, because greenhouse has no authority over them: employment');
    await world.runFor(DAY);
    expect(access(world)).toEqual([]);
  });

  test('over attributes changes nobody’s permissions', async () => {
    const { world, record, hired } = twoVendors({ remote: ['employment'] });
    await hired('2026-03-01');
    await record({ attributes: { department: 'Treasury' } });
    await world.runFor(DAY);
    expect(access(world)).toEqual([NEWSROOM]);
  });

  test('over employment ends it all the same: an end counts from every source', async () => {
    const { world, record, hired } = twoVendors({ remote: [] });
    await hired('2026-03-01');
    await record({ end: '2026-03-01' });
    expect(access(world)).toEqual([[]]);
  });
});
