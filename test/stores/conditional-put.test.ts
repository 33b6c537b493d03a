/** A write whose answer is lost is sent again by the SDK, and is then refused for what it has written itself. */
import { describe, expect, it } from 'vitest';
import type { Pause } from '../../shared/lifecycle/pause.ts';
import { newPerson, type Person } from '../../shared/lifecycle/person.ts';
import { Conflict } from '../../shared/lifecycle/ports.ts';
import { sampleJob, useLedger } from './ledger.ts';

const ledger = useLedger();
const AT = '2026-04-04T04:04:00.000Z';
const claimed = (id: string): Person => ({ ...newPerson('p-1'), claim: { id, until: AT } });

describe('a write whose answer is lost', () => {
  it('of a person is no conflict: the claim is ours', async () => {
    const { people, loseNextAnswer } = await ledger();
    loseNextAnswer();
    expect(await people.save(claimed('ours'), { at: AT, isLeaver: true })).toMatchObject({ version: 1 });
    expect(await people.get('p-1')).toMatchObject({ version: 1, claim: { id: 'ours' } });
  });

  it('of a job is new, and no repetition', async () => {
    const { jobs, loseNextAnswer } = await ledger();
    loseNextAnswer();
    expect(await jobs.record(sampleJob('j-1'))).toBeNull();
  });

  it('of a changed job changes it once', async () => {
    const { jobs, loseNextAnswer } = await ledger();
    await jobs.record(sampleJob('j-1'));
    let changes = 0;
    loseNextAnswer();
    const changed = await jobs.change('j-1', (job) => {
      changes += 1;
      return { ...job, attempts: job.attempts + 1 };
    });
    expect(changed).toMatchObject({ attempts: 1, version: 2 });
    expect(changes).toBe(1);
  });

  it('of a pointer or a register is no conflict', async () => {
    const { people, pause, loseNextAnswer } = await ledger();
    loseNextAnswer();
    await people.point({ kind: 'email', email: 'liv@hamn.example' }, 'p-1', null);
    const paused: Pause = { until: AT, reason: 'conscent-throttled', since: AT, failures: 1, probe: null };
    loseNextAnswer();
    await pause.set(paused, null);
    expect(await pause.get()).toEqual(paused);
  });

  it('is a conflict where somebody else was faster all the same', async () => {
    const { people, loseNextAnswer } = await ledger();
    await people.save(claimed('theirs'), null);
    loseNextAnswer();
    await expect(people.save(claimed('ours'), null)).rejects.toThrow(Conflict);
    expect(await people.get('p-1')).toMatchObject({ claim: { id: 'theirs' } });
  });
});
