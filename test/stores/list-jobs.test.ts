import { describe, expect, it } from 'vitest';
import type { JobQuery, JobStore } from '../../shared/lifecycle/ports.ts';
import { sampleJob, useLedger } from './ledger.ts';

const ledger = useLedger();
const EMAIL = 'solveig@hamn.example';
const at = (second: number) => `2026-01-10T10:00:0${second}.000Z`;

async function pagesOf(jobs: JobStore, query: JobQuery, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | null = null;
  do {
    const page = await jobs.list(query, { after, limit });
    pages.push(page.jobs.map(({ jobId }) => jobId));
    after = page.next;
  } while (after !== null);
  return pages;
}

describe('jobs in the ledger', () => {
  it('are listed by address, newest first and those of one instant by id, and whole', async () => {
    const { jobs } = await ledger();
    for (const [id, second] of [
      ['b', 1],
      ['a', 1],
      ['c', 2],
    ] as const)
      await jobs.record(sampleJob(id, { receivedAt: at(second) }));
    await jobs.record(sampleJob('other', { email: 'other@hamn.example' }));
    const { jobs: found } = await jobs.list({ email: EMAIL }, { after: null, limit: 10 });
    expect(found.map(({ jobId }) => jobId)).toEqual(['c', 'b', 'a']);
    expect(found[0]).toEqual({ ...sampleJob('c', { receivedAt: at(2) }), version: 1 });
  });

  it('are listed by the status they have now, those without an address too', async () => {
    const { jobs } = await ledger();
    await jobs.record(sampleJob('waits', { email: null }));
    await jobs.record(sampleJob('done'));
    await jobs.change('done', (job) => ({ ...job, status: 'succeeded' }));
    expect(await pagesOf(jobs, { status: 'queued' }, 10)).toEqual([['waits']]);
    expect(await pagesOf(jobs, { status: 'succeeded' }, 10)).toEqual([['done']]);
    expect(await pagesOf(jobs, { status: 'held' }, 10)).toEqual([[]]);
  });

  it('come in pages of what was asked for, without an empty one at the end', async () => {
    const { jobs } = await ledger();
    for (const second of [1, 2, 3, 4]) await jobs.record(sampleJob(`j-${second}`, { receivedAt: at(second) }));
    expect(await pagesOf(jobs, { email: EMAIL }, 2)).toEqual([
      ['j-4', 'j-3'],
      ['j-2', 'j-1'],
    ]);
    expect(await pagesOf(jobs, { email: EMAIL }, 3)).toEqual([['j-4', 'j-3', 'j-2'], ['j-1']]);
  });

  it('come in full pages where they are so large that DynamoDB answers by pieces of 1 MB', async () => {
    const { jobs } = await ledger();
    const large = 'x'.repeat(150_000);
    for (let second = 0; second < 10; second += 1)
      await jobs.record(sampleJob(`j-${second}`, { receivedAt: at(second), requestHash: large }));
    const pages = await pagesOf(jobs, { email: EMAIL }, 9);
    expect(pages).toEqual([['j-9', 'j-8', 'j-7', 'j-6', 'j-5', 'j-4', 'j-3', 'j-2', 'j-1'], ['j-0']]);
  });
});
