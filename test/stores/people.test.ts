import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { IdentityKey } from '../../shared/lifecycle/identity.ts';
import type { Pause } from '../../shared/lifecycle/pause.ts';
import { newPerson, type Person } from '../../shared/lifecycle/person.ts';
import { Conflict } from '../../shared/lifecycle/ports.ts';
import { useLedger } from './ledger.ts';

const ledger = useLedger();
const AT = '2026-03-30T03:30:00.000Z';
const WAKE = { at: AT, isLeaver: false };

const PERSON: Person = {
  ...newPerson('p-1'),
  facts: [
    {
      id: 'j-1',
      source: 'api',
      type: 'change',
      occurredAt: AT,
      position: 0,
      mayRename: true,
      attributes: { location: null, department: 'Kaj' },
    },
  ],
  externalIds: [{ source: 'api', externalId: '' }],
  history: [{ at: AT, what: 'created' }],
};

describe('a person', () => {
  it('is read as they were written, under the next version', async () => {
    const { people } = await ledger();
    expect(await people.save(PERSON, WAKE)).toEqual({ ...PERSON, version: 1 });
    expect(await people.get('p-1')).toEqual({ ...PERSON, version: 1 });
  });

  it('of whom nothing was written is nobody', async () => {
    expect(await (await ledger()).people.get('p-1')).toBeNull();
  });

  it('that two create at once is created by one: the other meets a conflict', async () => {
    const { people } = await ledger();
    const both = await Promise.allSettled([people.save(PERSON, null), people.save(PERSON, null)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: expect.any(Conflict) });
  });

  it('that somebody else changed since they were read is not overwritten', async () => {
    const { people } = await ledger();
    const first = await people.save(PERSON, null);
    const second = await people.save({ ...first, claims: 1 }, null);
    await expect(people.save({ ...first, claims: 9 }, null)).rejects.toThrow(Conflict);
    expect(await people.get('p-1')).toEqual(second);
  });

  it('of a version that was never written is a conflict too', async () => {
    const { people } = await ledger();
    await expect(people.save({ ...PERSON, version: 3 }, null)).rejects.toThrow(Conflict);
    expect(await people.get('p-1')).toBeNull();
  });

  it('is due when their wake is, and no longer when it was taken away', async () => {
    const { people } = await ledger();
    const saved = await people.save(PERSON, { at: AT, isLeaver: true });
    expect(await people.due('2026-03-30T03:29:59.999Z', 5)).toEqual([]);
    expect(await people.due(AT, 5)).toEqual([{ id: 'p-1', isLeaver: true, at: AT }]);
    const settled = await people.save(saved, null);
    expect(await people.due(AT, 5)).toEqual([]);
    await people.save(settled, WAKE);
    expect(await people.due(AT, 5)).toEqual([{ id: 'p-1', isLeaver: false, at: AT }]);
  });
});

describe('who is losing their access', () => {
  const leavingSince = (minute: number) => `2026-03-30T03:${minute}:00.000Z`;

  it('is late from the instant on that is asked for, and those of later are not', async () => {
    const { people } = await ledger();
    for (const minute of [10, 20, 30])
      await people.save({ ...newPerson(`since-${minute}`), leavingSince: leavingSince(minute) }, null);
    await people.save(newPerson('stays'), null);
    expect((await people.lateLeavers(leavingSince(20))).sort()).toEqual(['since-10', 'since-20']);
  });

  it('is found no more when they have lost it', async () => {
    const { people } = await ledger();
    const leaving = await people.save({ ...newPerson('p-2'), leavingSince: leavingSince(10) }, null);
    await people.save({ ...leaving, leavingSince: null }, null);
    expect(await people.lateLeavers(leavingSince(59))).toEqual([]);
  });
});

const KEYS: IdentityKey[] = [
  { kind: 'email', email: 'odd@hamn.example' },
  { kind: 'externalId', source: 'standard-webhooks', externalId: '77#8' },
  { kind: 'userId', userId: 'u-55' },
];

describe('what points at a person', () => {
  for (const key of KEYS) {
    it(`(${key.kind}) leads to them once it is pointed there`, async () => {
      const { people } = await ledger();
      expect(await people.find([key])).toEqual([null]);
      await people.point(key, 'p-1', null);
      expect(await people.find([key])).toEqual(['p-1']);
    });

    it(`(${key.kind}) is moved only from where it was expected to point`, async () => {
      const { people } = await ledger();
      await people.point(key, 'p-1', null);
      await expect(people.point(key, 'p-2', null)).rejects.toThrow(Conflict);
      await expect(people.point(key, 'p-2', 'p-3')).rejects.toThrow(Conflict);
      expect(await people.find([key])).toEqual(['p-1']);
      await people.point(key, 'p-2', 'p-1');
      expect(await people.find([key])).toEqual(['p-2']);
    });

    it(`(${key.kind}) can be taken away and given anew`, async () => {
      const { people } = await ledger();
      await people.point(key, 'p-1', null);
      await expect(people.point(key, null, 'p-2')).rejects.toThrow(Conflict);
      await people.point(key, null, 'p-1');
      expect(await people.find([key])).toEqual([null]);
      await people.point(key, 'p-2', null);
      expect(await people.find([key])).toEqual(['p-2']);
    });
  }

  it('is answered in the order of the keys', async () => {
    const { people } = await ledger();
    for (const [index, key] of KEYS.entries()) if (index !== 1) await people.point(key, `p-${index}`, null);
    expect(await people.find([...KEYS].reverse())).toEqual(['p-2', null, 'p-0']);
    expect(await people.find([])).toEqual([]);
  });

  it('of one kind is never taken for another’s, nor for a person', async () => {
    const { people } = await ledger();
    await people.save(newPerson('x@y.example'), null);
    await people.point({ kind: 'userId', userId: 'x@y.example' }, 'p-1', null);
    expect(await people.find([{ kind: 'email', email: 'x@y.example' }])).toEqual([null]);
    expect(await people.find([{ kind: 'externalId', source: 'user', externalId: 'x@y.example' }])).toEqual([null]);
  });

  it('given to several at once is one’s', async () => {
    const { people } = await ledger();
    const ids = Array.from({ length: 10 }, (_, index) => `p-${index}`);
    const points = await Promise.allSettled(ids.map((id) => people.point({ kind: 'userId', userId: 'u-1' }, id, null)));
    expect(points.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

const PAUSE: Pause = { until: AT, reason: 'conscent-throttled', since: AT, failures: 1, probe: null };

describe('the pause', () => {
  it('is none until one is set, is read as it was set, and ends', async () => {
    const { pause } = await ledger();
    expect(await pause.get()).toBeNull();
    await pause.set(PAUSE, null);
    expect(await pause.get()).toEqual(PAUSE);
    const probed = { ...PAUSE, probe: 'p' };
    await pause.set(probed, PAUSE);
    expect(await pause.get()).toEqual(probed);
    await pause.set(null, probed);
    expect(await pause.get()).toBeNull();
    await pause.set(PAUSE, null);
    expect(await pause.get()).toEqual(PAUSE);
  });

  it('is probed by one alone, even where many want to at once', async () => {
    const { pause } = await ledger();
    await pause.set(PAUSE, null);
    const probes = Array.from({ length: 10 }, (_, index) =>
      pause.set({ ...PAUSE, probe: 'p', failures: index }, PAUSE),
    );
    const met = await Promise.allSettled(probes);
    expect(met.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(met.filter((one) => one.status === 'rejected' && one.reason instanceof Conflict)).toHaveLength(9);
  });

  it('is not lifted by somebody who saw another one', async () => {
    const { pause } = await ledger();
    await pause.set(PAUSE, null);
    await expect(pause.set(null, { ...PAUSE, failures: 7 })).rejects.toThrow(Conflict);
    await expect(pause.set(PAUSE, null)).rejects.toThrow(Conflict);
    expect(await pause.get()).toEqual(PAUSE);
  });
});

describe('an error of the table that is no conflict', () => {
  it('goes on as it is', async () => {
    const { documents, pause, tables } = await ledger();
    const tooLarge = new PutCommand({ TableName: tables.people, Item: { id: 'x', text: 'x'.repeat(500_000) } });
    await expect(documents.send(tooLarge)).rejects.toThrow();
    const huge = { ...PAUSE, since: 'x'.repeat(500_000) };
    await expect(pause.set(huge, null)).rejects.not.toThrow(Conflict);
  });
});
