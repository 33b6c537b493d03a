/** The command on the tables themselves: the people are put back as they were, the jobs stay. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../../infra/cli/replay.ts';
import { type LocalAws, startAws } from '../../../infra/local/aws.ts';
import { type ConscentSandbox, startConscentSandbox } from '../../../infra/local/conscent-sandbox.ts';
import type { World } from '../../../shared/lifecycle/ports.ts';
import { reconcile } from '../../../shared/reconcile/reconcile.ts';
import { about, post } from '../../fakes/post.ts';

const conscent = { apiKey: 'replay-key', apiSecret: 'replay-secret' };
let aws: LocalAws;
let sandbox: ConscentSandbox;
let documents: DynamoDBDocumentClient;
let world: World;

beforeAll(async () => {
  sandbox = await startConscentSandbox({ port: 0, credentials: conscent });
  aws = await startAws({ secrets: () => ({ conscent, sources: {}, tokens: [] }) });
  // The SDK and the configuration read the environment; each test file has its own process.
  Object.assign(process.env, aws.environment, { CONSCENT_BASE_URL: sandbox.url, LOG_LEVEL: 'ERROR' });
  const [{ wire }, { readConfig }] = [
    await import('../../../shared/wiring.ts'),
    await import('../../../shared/platform/config.ts'),
  ];
  world = wire(readConfig()).world;
  documents = DynamoDBDocumentClient.from(new DynamoDBClient());
});
afterAll(async () => {
  documents.destroy();
  await aws.close();
  await sandbox.close();
});

type Item = Record<string, unknown>;

async function everybody(): Promise<Item[]> {
  return (await documents.send(new ScanCommand({ TableName: aws.tables.people }))).Items ?? [];
}

async function putBack(backup: Item[]): Promise<void> {
  const gone = (await everybody()).filter(({ id }) => !backup.some((kept) => kept['id'] === id));
  const requests = [
    ...gone.map(({ id }) => ({ DeleteRequest: { Key: { id } } })),
    ...backup.map((Item) => ({ PutRequest: { Item } })),
  ];
  await documents.send(new BatchWriteCommand({ RequestItems: { [aws.tables.people]: requests } }));
}

async function settled(event: object): Promise<string> {
  const [job] = await post(world, event);
  await reconcile(world, { jobId: job?.jobId ?? '' });
  return job?.jobId ?? '';
}

async function run(...argv: string[]) {
  let said = '';
  const code = await replay({ argv, env: process.env, write: (more) => (said += more) });
  return { code, said };
}

const may = (email: string) =>
  sandbox.users().flatMap((user) => (user.email === email ? [Object.values(user.permissions).some(Boolean)] : []));

describe('after a restore', () => {
  it('leavers lose their access, joiners keep the one account that they have, and a dry run only counts', async () => {
    await settled(about('vera@hamn.example', 'onboard', { person: { department: 'Finance' } }));
    const since = new Date().toISOString();
    const backup = await everybody();
    const leaving = await settled(about('vera@hamn.example', 'offboard'));
    const joining = await settled(about('moa@hamn.example', 'onboard', { person: { department: 'Finance' } }));
    await settled(about('vera@hamn.example', 'onboard', { person: { department: 'Finance' } }));
    const leavingAgain = await settled(about('vera@hamn.example', 'offboard'));
    await putBack(backup);

    const counted = await run('--since', since, '--dry-run');
    expect(counted).toMatchObject({ code: 0 });
    expect(counted.said).toContain('4 jobs, 0 cancelled');
    expect(await world.jobs.get(leaving)).toMatchObject({ status: 'succeeded' });

    expect(await run('--since', since)).toMatchObject({ code: 0 });
    for (const { id } of await world.jobs.due(new Date().toISOString(), 10)) await reconcile(world, { jobId: id });
    expect(await world.jobs.get(leaving)).toMatchObject({ status: 'ignored' });
    expect(await world.jobs.get(leavingAgain)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    expect(await world.jobs.get(joining)).toMatchObject({ status: 'succeeded', outcome: 'updated' });
    expect([may('vera@hamn.example'), may('moa@hamn.example')]).toEqual([[false], [true]]);
  });

  it('an account that is somebody else’s by now is left to a person, by its job', async () => {
    const since = new Date().toISOString();
    await settled(about('tora@hamn.example', 'onboard', { person: { department: 'Finance' } }));
    const backup = await everybody();
    const jobId = await settled(about('olle@hamn.example', 'onboard', { person: { department: 'Finance' } }));
    const taken = sandbox.users().find(({ email }) => email === 'tora@hamn.example')?.userId ?? '';
    await world.jobs.change(jobId, (job) => ({ ...job, userId: taken }));
    await putBack(backup);
    const { code, said } = await run('--since', since);
    expect(code).toBe(1);
    expect(said).toContain(`job ${jobId}: This userId is linked to somebody else`);
    expect(said).not.toContain('olle');
  });
});

it('a ledger that cannot be reached is said in one line, and is no success', async () => {
  let said = '';
  const env = { ...process.env, JOBS_TABLE: 'no-such-table' };
  const code = await replay({ argv: ['--since', '2026-11-24T08:15:00Z'], env, write: (more) => (said += more) });
  expect(code).toBe(1);
  expect(said).toMatch(/^[^\n]+\nRun it again: what is done is done\.\n$/);
});

describe('called wrongly', () => {
  it.each([
    ['without an instant', []],
    ['with a date, which has no instant of its own', ['--since', '2026-11-24']],
    ['with an option that is not there', ['--until', '2026-11-24T08:15:00Z']],
  ])('%s it does nothing', async (_how, argv) => {
    expect(await run(...argv)).toMatchObject({ code: 2 });
  });

  it('without a function’s environment it names what is missing', async () => {
    let said = '';
    const code = await replay({ argv: ['--since', '2026-11-24T08:15:00Z'], env: {}, write: (more) => (said += more) });
    expect(code).toBe(2);
    expect(said).toContain('PEOPLE_TABLE is missing');
  });
});
