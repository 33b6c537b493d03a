import { describe, expect, it } from 'vitest';
import { newPerson } from '../../shared/lifecycle/person.ts';
import { sampleJob, useLedger } from './ledger.ts';

const ledger = useLedger();
const at = (minute: number) => `2026-02-20T20:${String(minute).padStart(2, '0')}:00.000Z`;

describe('a wake that is put off', () => {
  it('is due again when its time has come, and not before', async () => {
    const { jobs, people } = await ledger();
    await jobs.record(sampleJob('job', { receivedAt: at(1) }));
    await people.save(newPerson('person'), { at: at(1), isLeaver: true });
    for (const [store, id] of [[jobs, 'job'] as const, [people, 'person'] as const]) {
      await store.putOff(id, at(2), at(8));
      expect(await store.due(at(7), 10)).toEqual([]);
      expect((await store.due(at(8), 10)).map((due) => due.id)).toEqual([id]);
    }
  });

  it('stays a leaver’s', async () => {
    const { people } = await ledger();
    await people.save(newPerson('leaver'), { at: at(1), isLeaver: true });
    await people.putOff('leaver', at(2), at(8));
    expect(await people.due(at(8), 10)).toMatchObject([{ id: 'leaver', isLeaver: true }]);
  });

  it('has been due since it first was, however often it is put off', async () => {
    const { jobs, people } = await ledger();
    await jobs.record(sampleJob('patient', { receivedAt: at(1) }));
    await people.save(newPerson('patient'), { at: at(1), isLeaver: false });
    for (const store of [jobs, people]) {
      await store.putOff('patient', at(2), at(8));
      await store.putOff('patient', at(8), at(14));
      expect(await store.due(at(14), 10)).toMatchObject([{ id: 'patient', at: at(1) }]);
    }
  });

  it('is on time again as soon as somebody writes', async () => {
    const { jobs, people } = await ledger();
    await jobs.record(sampleJob('late', { receivedAt: at(1) }));
    const person = await people.save(newPerson('late'), { at: at(1), isLeaver: false });
    for (const store of [jobs, people]) await store.putOff('late', at(2), at(8));
    await jobs.change('late', (job) => ({ ...job, nextAttemptAt: at(20) }));
    await people.save(person, { at: at(20), isLeaver: false });
    for (const store of [jobs, people]) expect(await store.due(at(20), 10)).toMatchObject([{ at: at(20) }]);
    expect(await jobs.get('late')).not.toHaveProperty('dueSince');
  });

  it('is not put off any more once it has been written anew', async () => {
    const { people } = await ledger();
    const person = await people.save(newPerson('written'), { at: at(1), isLeaver: false });
    await people.save(person, { at: at(5), isLeaver: false });
    await people.putOff('written', at(2), at(8));
    expect((await people.due(at(5), 10)).map(({ id }) => id)).toEqual(['written']);
  });

  it('disturbs nobody who is about to write', async () => {
    const { people, jobs } = await ledger();
    const person = await people.save(newPerson('busy'), { at: at(1), isLeaver: false });
    await people.putOff('busy', at(2), at(8));
    await expect(people.save(person, null)).resolves.toMatchObject({ version: 2 });
    await jobs.record(sampleJob('busy', { receivedAt: at(1) }));
    await jobs.putOff('busy', at(2), at(8));
    expect(await jobs.get('busy')).toMatchObject({ version: 1 });
  });

  it('makes nobody of nobody', async () => {
    const { people, jobs } = await ledger();
    await people.putOff('nobody', at(2), at(8));
    await jobs.putOff('nobody', at(2), at(8));
    expect([await people.get('nobody'), await jobs.get('nobody')]).toEqual([null, null]);
    expect(await people.due(at(9), 10)).toEqual([]);
  });
});
