import { describe, expect, it } from 'vitest';
import { newPerson } from '../../shared/lifecycle/person.ts';
import { wakeAttributes } from '../../shared/stores/wake-index.ts';
import { sampleJob, useLedger } from './ledger.ts';

const ledger = useLedger();
const at = (minute: number) => `2026-02-20T20:${String(minute).padStart(2, '0')}:00.000Z`;

describe('the wake index', () => {
  it('answers those that are due, and of them the longest overdue first', async () => {
    const { jobs } = await ledger();
    for (const minute of [30, 10, 50, 20, 40]) await jobs.record(sampleJob(`at-${minute}`, { receivedAt: at(minute) }));
    const ids = (await jobs.due(at(40), 10)).map(({ id }) => id);
    expect(ids).toEqual(['at-10', 'at-20', 'at-30', 'at-40']);
  });

  it('answers leavers before all others, however much longer those have waited', async () => {
    const { jobs } = await ledger();
    for (const minute of [1, 2, 3]) await jobs.record(sampleJob(`joiner-${minute}`, { receivedAt: at(minute) }));
    for (const minute of [59, 58])
      await jobs.record(sampleJob(`leaver-${minute}`, { receivedAt: at(minute), type: 'offboard' }));
    expect(await jobs.due(at(59), 4)).toEqual([
      { id: 'leaver-58', isLeaver: true, at: at(58) },
      { id: 'leaver-59', isLeaver: true, at: at(59) },
      { id: 'joiner-1', isLeaver: false, at: at(1) },
      { id: 'joiner-2', isLeaver: false, at: at(2) },
    ]);
  });

  it('answers at most as many as asked for, and leavers are not crowded out', async () => {
    const { people } = await ledger();
    const saves = Array.from({ length: 30 }, (_, index) =>
      people.save(newPerson(`p-${index}`), { at: at(index), isLeaver: index >= 28 }),
    );
    await Promise.all(saves);
    const due = await people.due(at(59), 5);
    expect(due.map(({ id }) => id)).toEqual(['p-28', 'p-29', 'p-0', 'p-1', 'p-2']);
  });

  it('answers everybody who is due, whichever shard they are in', async () => {
    const { people } = await ledger();
    const ids = Array.from({ length: 40 }, (_, index) => `everybody-${index}`);
    await Promise.all(ids.map((id) => people.save(newPerson(id), { at: at(1), isLeaver: false })));
    const due = await people.due(at(1), 100);
    expect(new Set(due.map(({ id }) => id))).toEqual(new Set(ids));
    expect(due).toHaveLength(ids.length);
  });

  it('is sparse: without a wake there is nothing to index', () => {
    expect(wakeAttributes('anybody', null)).toEqual({});
  });

  it('spreads ids over several partitions, and leavers over ones of their own', () => {
    const shards = (isLeaver: boolean) =>
      new Set(Array.from({ length: 200 }, (_, id) => wakeAttributes(String(id), { at: at(0), isLeaver }).wakeShard));
    expect(shards(true).size).toBeGreaterThan(1);
    expect([...shards(true)].some((shard) => shards(false).has(shard))).toBe(false);
  });
});
