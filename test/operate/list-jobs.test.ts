import { describe, expect, it } from 'vitest';
import { JOB_STATUSES } from '../../shared/lifecycle/job.ts';
import { cursorsFrom } from '../../shared/operate/cursor.ts';
import { listJobs } from '../../shared/operate/list-jobs.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { sampleJob } from '../stores/ledger.ts';

const SOLVEIG = 'solveig@hamn.example';
const cursors = cursorsFrom('a secret of the tests');
const at = (second: number) => `2026-01-10T10:00:${String(second).padStart(2, '0')}.000Z`;

async function ledgerOf(seconds: readonly number[]): Promise<MemoryWorld> {
  const world = memoryWorld();
  for (const second of seconds) await world.jobs.record(sampleJob(`j-${second}`, { receivedAt: at(second) }));
  return world;
}

const list = (world: MemoryWorld, parameters: Record<string, string>) => listJobs(world, parameters, cursors);
const idsOf = ({ jobs }: { jobs: { jobId: string }[] }) => jobs.map(({ jobId }) => jobId);

describe('jobs are listed', () => {
  it('newest first, as they are shown one by one', async () => {
    const world = await ledgerOf([3, 1, 2]);
    const answer = await list(world, { email: SOLVEIG });
    expect(idsOf(answer)).toEqual(['j-3', 'j-2', 'j-1']);
    expect(answer.jobs[0]).not.toHaveProperty('requestHash');
    expect(answer).not.toHaveProperty('cursor');
  });

  it('by an address however it is spelled', async () => {
    expect(idsOf(await list(await ledgerOf([1]), { email: ' Solveig@Hamn.EXAMPLE ' }))).toEqual(['j-1']);
  });

  for (const status of JOB_STATUSES)
    it(`by the status ${status}`, async () => {
      const world = await ledgerOf([]);
      for (const other of JOB_STATUSES) await world.jobs.record(sampleJob(`is ${other}`, { status: other }));
      expect(idsOf(await list(world, { status }))).toEqual([`is ${status}`]);
    });

  it('50 at a time unless a limit is given', async () => {
    const world = await ledgerOf(Array.from({ length: 51 }, (_, second) => second));
    expect((await list(world, { email: SOLVEIG })).jobs).toHaveLength(50);
    expect((await list(world, { email: SOLVEIG, limit: '100' })).jobs).toHaveLength(51);
  });

  it('to the last one, without an empty page after it', async () => {
    const world = await ledgerOf([1, 2]);
    const first = await list(world, { email: SOLVEIG, limit: '1' });
    const second = await list(world, { email: SOLVEIG, limit: '1', cursor: first.cursor ?? '' });
    expect([idsOf(first), idsOf(second)]).toEqual([['j-2'], ['j-1']]);
    expect(second).not.toHaveProperty('cursor');
  });
});

describe('the pages', () => {
  it('neither repeat nor skip a job while others are added, even in the same instant', async () => {
    const world = await ledgerOf([1, 2, 3, 4, 5]);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 5; page += 1) {
      const answer = await list(world, { status: 'queued', limit: '1', ...(cursor && { cursor }) });
      seen.push(...idsOf(answer));
      cursor = answer.cursor;
      // One that is newer than all, and one that shares its instant with the job just seen and stands before it.
      await world.jobs.record(sampleJob(`new-${page}`, { receivedAt: at(50 + page) }));
      await world.jobs.record(sampleJob(`z-${page}`, { receivedAt: at(5 - page) }));
    }
    expect(seen).toEqual(['j-5', 'j-4', 'j-3', 'j-2', 'j-1']);
  });

  it('may be of another size from one to the next', async () => {
    const world = await ledgerOf([1, 2, 3, 4]);
    const { cursor = '' } = await list(world, { email: SOLVEIG, limit: '1' });
    expect(idsOf(await list(world, { email: SOLVEIG, limit: '3', cursor }))).toEqual(['j-3', 'j-2', 'j-1']);
  });
});

const WRONG: [rule: string, parameters: Record<string, string>, pointer: string][] = [
  ['neither address nor status', {}, '?email'],
  ['a cursor and nothing else', { cursor: 'x' }, '?email'],
  ['both', { email: SOLVEIG, status: 'queued' }, '?email'],
  ['an address that is none', { email: 'solveig' }, '?email'],
  ['an empty address', { email: '' }, '?email'],
  ['two addresses', { email: `${SOLVEIG},${SOLVEIG}` }, '?email'],
  ['a status that is none', { status: 'Queued' }, '?status'],
  ['an outcome', { status: 'created' }, '?status'],
  ...['0', '101', '-1', '1.5', '1e1', '05', ' 5', '', 'all'].map((limit): [string, Record<string, string>, string] => [
    `a limit of ${JSON.stringify(limit)}`,
    { status: 'held', limit },
    '?limit',
  ]),
];

describe('a list is refused, with the parameter, for', () => {
  for (const [rule, parameters, pointer] of WRONG)
    it(rule, async () => {
      const refused = { code: 'invalid-request', status: 400, violations: [{ pointer, detail: expect.any(String) }] };
      await expect(list(await ledgerOf([1]), parameters)).rejects.toMatchObject(refused);
    });

  it('the cursor of another list', async () => {
    const world = await ledgerOf([1, 2]);
    const { cursor = '' } = await list(world, { email: SOLVEIG, limit: '1' });
    const refused = { code: 'invalid-cursor', violations: [{ pointer: '?cursor' }] };
    await expect(list(world, { status: 'queued', cursor })).rejects.toMatchObject(refused);
    await expect(list(world, { email: 'other@hamn.example', cursor })).rejects.toMatchObject(refused);
  });
});
