import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../shared/lifecycle/job.ts';
import { NOT_TOLD } from '../../shared/lifecycle/reply.ts';
import { jobStore } from '../../shared/stores/jobs.ts';
import { memoryWorld } from '../fakes/world.ts';
import { sampleJob, useLedger } from './ledger.ts';

const ledger = useLedger();
const LATER = '2026-01-11T00:00:00.000Z';

describe('a job', () => {
  it('that is new is recorded whole', async () => {
    const { jobs } = await ledger();
    expect(await jobs.record(sampleJob('whole'))).toBeNull();
    expect(await jobs.get('whole')).toEqual({ ...sampleJob('whole'), version: 1 });
  });

  it('without an address, a type or an event is read as it was written', async () => {
    const { jobs } = await ledger();
    const bare = sampleJob('bare', {
      email: null,
      type: null,
      event: null,
      effectiveAt: null,
      status: 'needs-attention',
    });
    await jobs.record(bare);
    expect(await jobs.get('bare')).toEqual({ ...bare, version: 1 });
  });

  it('that was there already is answered as it is now and stays so', async () => {
    const { jobs } = await ledger();
    await jobs.record(sampleJob('twice'));
    const changed = await jobs.change('twice', (job) => ({ ...job, status: 'scheduled' }));
    expect(await jobs.record(sampleJob('twice', { source: 'another' }))).toEqual(changed);
    expect(await jobs.get('twice')).toEqual(changed);
  });

  it('recorded by many at once is new for exactly one of them', async () => {
    const { jobs } = await ledger();
    const earlier = await Promise.all(Array.from({ length: 20 }, () => jobs.record(sampleJob('race'))));
    expect(earlier.filter((job) => job === null)).toHaveLength(1);
    expect(earlier.filter((job) => job?.jobId === 'race')).toHaveLength(19);
  });

  it('that nobody recorded is nothing, and nothing is what a change makes of it', async () => {
    const { jobs } = await ledger();
    expect(await jobs.get('nobody')).toBeNull();
    expect(await jobs.change('nobody', (job) => ({ ...job, status: 'cancelled' }))).toBeNull();
    expect(await jobs.get('nobody')).toBeNull();
  });

  for (const id of ['x'.repeat(2048), 'a/b', '../people', '%00', 'ünïcode', '__proto__']) {
    it(`named ${id.slice(0, 12)} is nothing`, async () => {
      expect(await (await ledger()).jobs.get(id)).toBeNull();
    });
  }
});

describe('a change', () => {
  it('is written under the next version and answered', async () => {
    const { jobs } = await ledger();
    await jobs.record(sampleJob('one'));
    const changed = await jobs.change('one', (job) => ({ ...job, attempts: job.attempts + 1 }));
    expect(changed).toEqual({ ...sampleJob('one'), attempts: 1, version: 2 });
    expect(await jobs.get('one')).toEqual(changed);
  });

  it('that throws changes nothing', async () => {
    const { jobs } = await ledger();
    await jobs.record(sampleJob('kept'));
    const failing = jobs.change('kept', () => {
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await jobs.get('kept')).toMatchObject({ version: 1 });
  });

  it('is made again on what somebody faster wrote', async () => {
    const { jobs } = await ledger();
    await jobs.record(sampleJob('slow'));
    const add = (attempts: number) => jobs.change('slow', (job) => ({ ...job, attempts: job.attempts + attempts }));
    await Promise.all([add(1), add(10)]);
    expect(await jobs.get('slow')).toMatchObject({ attempts: 11, version: 3 });
  });

  it.each([
    ['DynamoDB', async () => (await ledger()).jobs],
    ['the world in memory', async () => memoryWorld().jobs],
  ])(
    'in %s of a job as it was read is made on that, and where somebody has written since, on what they wrote',
    async (_, store) => {
      const jobs = await store();
      await jobs.record(sampleJob('read'));
      const read = (await jobs.get('read')) ?? expect.fail();
      const seen: number[] = [];
      const attempt = (job: Job) => {
        seen.push(job.version);
        return { ...job, attempts: job.attempts + 1 };
      };
      expect(await jobs.change('read', attempt, read)).toMatchObject({ attempts: 1, version: 2 });
      expect(await jobs.change('read', attempt, read)).toMatchObject({ attempts: 2, version: 3 });
      expect(seen).toEqual([1, 1, 2]);
    },
  );

  it('is not lost among 50 at once', async () => {
    const { jobs } = await ledger();
    await jobs.record(sampleJob('busy'));
    const changes = Array.from({ length: 50 }, () =>
      jobs.change('busy', (job) => ({ ...job, attempts: job.attempts + 1 })),
    );
    const rejected = (await Promise.allSettled(changes)).filter(({ status }) => status === 'rejected');
    expect(rejected.length).toBe(0);
    expect(await jobs.get('busy')).toMatchObject({ attempts: 50, version: 51 });
  });
});

const WAITING: [rule: string, job: Partial<Job>][] = [
  ['is queued and nobody’s fact yet', {}],
  ['is retrying its look-up', { status: 'retrying' }],
  ['is held', { status: 'held' }],
];
const RESTING: [rule: string, job: Partial<Job>][] = [
  ['has become a person’s fact: the person has the wake', { personId: 'p-1' }],
  ['has succeeded', { status: 'succeeded', outcome: 'created' }],
  ['is ignored', { status: 'ignored', outcome: 'stale' }],
  ['was cancelled', { status: 'cancelled' }],
  ['needs a person to act', { status: 'needs-attention' }],
  ['could not be read', { status: 'needs-attention', event: null, type: null }],
];

describe('the wake index holds a job that', () => {
  for (const [rule, more] of WAITING) {
    it(rule, async () => {
      const { jobs } = await ledger();
      await jobs.record(sampleJob('waiting', more));
      expect(await jobs.due(LATER, 10)).toMatchObject([{ id: 'waiting', isLeaver: false }]);
    });
  }
});

describe('the wake index does not hold a job that', () => {
  for (const [rule, more] of RESTING) {
    it(rule, async () => {
      const { jobs } = await ledger();
      await jobs.record(sampleJob('resting', more));
      expect(await jobs.due(LATER, 10)).toEqual([]);
    });

    it(`${rule}, even where it was in the index before`, async () => {
      const { jobs } = await ledger();
      await jobs.record(sampleJob('settled'));
      expect(await jobs.due(LATER, 10)).toHaveLength(1);
      await jobs.change('settled', (job) => ({ ...job, ...more }));
      expect(await jobs.due(LATER, 10)).toEqual([]);
    });
  }

  it('has not come yet', async () => {
    const { jobs } = await ledger();
    await jobs.record(sampleJob('coming', { receivedAt: LATER }));
    expect(await jobs.due('2026-01-10T23:59:59.999Z', 10)).toEqual([]);
    expect(await jobs.due(LATER, 10)).toHaveLength(1);
  });
});

describe('a finished job', () => {
  const FINISHED: Partial<Job> = { status: 'succeeded', outcome: 'revoked', finishedAt: '2026-02-01T00:00:00.500Z' };
  // 400 days after, as a calendar has them.
  const EXPIRES = Date.parse('2027-03-08T00:00:01Z') / 1000;
  const stored = async (more: Partial<Job>) => {
    const { jobs, documents, tables } = await ledger();
    await jobs.record(sampleJob('kept', more));
    const { Item } = await documents.send(new GetCommand({ TableName: tables.jobs, Key: { jobId: 'kept' } }));
    return { item: Item, job: await jobs.get('kept') };
  };

  it('expires 400 days after it finished, in the seconds that DynamoDB takes', async () => {
    const { item, job } = await stored(FINISHED);
    expect(item).toMatchObject({ expiresAt: EXPIRES });
    expect(job).not.toHaveProperty('expiresAt');
  });

  it('expires as many days after as is set', async () => {
    const { documents, tables } = await ledger();
    await jobStore(documents, { table: tables.jobs, keepFinishedDays: 28 }).record(sampleJob('brief', FINISHED));
    const { Item } = await documents.send(new GetCommand({ TableName: tables.jobs, Key: { jobId: 'brief' } }));
    expect(Item).toMatchObject({ expiresAt: Date.parse('2026-03-01T00:00:01Z') / 1000 });
  });

  it('that was written although the answer was lost counts as written, its expiry with it', async () => {
    const { jobs, loseNextAnswer } = await ledger();
    await jobs.record(sampleJob('lost'));
    loseNextAnswer();
    expect(await jobs.change('lost', (job) => ({ ...job, ...FINISHED }))).toMatchObject({ version: 2 });
  });

  it('does not while its ticket is to be told', async () => {
    expect((await stored({ ...FINISHED, ticket: 'T-1', reply: NOT_TOLD })).item).not.toHaveProperty('expiresAt');
    const told = { ...NOT_TOLD, told: 'succeeded/revoked' };
    expect((await stored({ ...FINISHED, ticket: 'T-1', reply: told })).item).toMatchObject({ expiresAt: EXPIRES });
  });

  for (const status of ['queued', 'scheduled', 'retrying', 'held', 'needs-attention'] as const) {
    it(`is not one that is ${status}: that never expires`, async () => {
      expect((await stored({ status })).item).not.toHaveProperty('expiresAt');
    });
  }
});
