/** The document against the running stack: its examples are posted, and every answer is held against it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import secrets from '../../infra/local/secrets.json' with { type: 'json' };
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { DOCUMENT, operationAt, undocumented, wrongAt } from '../functions/documented.ts';
import { signedHeaders } from '../sources/signed.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ SWEEP_INTERVAL_SECONDS: '3600' });
}, 60_000);
afterAll(() => stack.stop());

interface Sent {
  params?: Record<string, string>;
  query?: string;
  type?: string;
  body?: string;
  headers?: Record<string, string>;
}

/** Asks as the document says, and answers what came, which is as the document says. */
async function ask(route: string, { params = {}, query = '', type, body, headers }: Sent = {}) {
  const [method = '', template = ''] = route.split(' ');
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const isBearer = operationAt(route)?.operation.security.some(({ token }) => token);
  const answer = await fetch(`${stack.url}${path}${query}`, {
    method,
    headers: {
      ...(isBearer && { authorization: `Bearer ${stack.token}` }),
      ...(type && { 'content-type': type }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const seen = {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: (await answer.json()) as Body,
  };
  const problems = undocumented(route, {
    ...seen,
    headers: { ...seen.headers, 'content-type': mediaType(seen.headers) },
  });
  expect(problems).toEqual([]);
  return seen;
}

interface Body {
  jobs?: { jobId: string; status: string }[];
  plans?: unknown[];
  account?: { userId: string };
  lines?: unknown[];
  cursor?: string;
  status?: string;
}

function mediaType(headers: Record<string, string>): string {
  return (headers['content-type'] ?? '').split(';', 1)[0] ?? '';
}

/** Every example of a route's bodies, as it goes over the wire. */
function examplesOf(route: string): [name: string, type: string, body: string][] {
  const content = operationAt(route)?.operation.requestBody?.content ?? {};
  return Object.entries(content).flatMap(([type, { examples = {} }]) =>
    Object.entries(examples).map(([name, { value }]): [string, string, string] => [
      name,
      type,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

const post = async (event: object) => {
  const sent = { type: 'application/json', body: JSON.stringify(event), headers: { prefer: 'wait=20' } };
  const { status, body } = await ask('POST /events', sent);
  const [job] = body.jobs ?? [];
  return { status, jobId: job?.jobId ?? '', jobStatus: job?.status };
};

/** Somebody who has an account. */
async function employee(name: string) {
  const person = { email: `${name}@example.com` };
  expect((await post({ type: 'onboard', person: { ...person, department: 'Growth' } })).jobStatus).toBe('succeeded');
  return person;
}

describe('the running stack', () => {
  test('answers the document', async () => {
    const { status, body } = await ask('GET /openapi.json');
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(DOCUMENT)));
  });

  test.each(examplesOf('POST /events'))('plans, accepts and finishes the events: %s', async (name, type, body) => {
    const planned = await ask('POST /events', { type, body, query: '?dryRun=true' });
    const accepted = await ask('POST /events', { type, body, headers: { 'idempotency-key': name } });
    const waited = await ask('POST /events', { type, body, headers: { prefer: 'wait=20' } });
    expect([planned.status, accepted.status, waited.status]).toEqual([200, 202, 200]);
    const isArray = body.startsWith('[');
    const lists = [planned.body.plans, accepted.body.jobs, waited.body.jobs];
    for (const list of lists) expect(list).toHaveLength(isArray ? (JSON.parse(body) as unknown[]).length : 1);
    expect('location' in waited.headers).toBe(!isArray);
    for (const { jobId } of waited.body.jobs ?? [])
      expect((await ask('GET /jobs/{jobId}', { params: { jobId } })).status).toBe(200);
  });

  test.each(examplesOf('POST /webhooks/{source}'))('records the delivery: %s', async (source, type, body) => {
    const [secret = ''] = secrets.sources['standard-webhooks'].signingSecrets;
    const headers = { ...signedHeaders({ body, at: new Date().toISOString(), secret }) };
    expect((await ask('POST /webhooks/{source}', { params: { source }, type, body, headers })).status).toBe(202);
    expect((await ask('POST /webhooks/{source}', { params: { source }, type, body })).status).toBe(401);
    expect((await ask('GET /webhooks/{source}', { params: { source } })).status).toBe(405);
    expect((await ask('POST /webhooks/generic/{name}', { params: { name: 'none' }, type, body })).status).toBe(404);
  });

  test('does what an operator asks about a person', async () => {
    const params = await employee('nils');
    expect((await ask('POST /people/{email}/password', { params })).status).toBe(200);
    expect((await ask('POST /people/{email}/release', { params })).status).toBe(200);
    expect((await ask('POST /people/{email}/reapply', { params })).status).toBe(202);
    const access = { profile: 'finance', until: '2199-01-31' };
    expect((await post({ type: 'change', person: params, access })).status).toBe(200);
    expect((await ask('GET /people/{email}', { params })).status).toBe(200);
  });

  test.each(examplesOf('PUT /people/{email}/account'))('links the account: %s', async (_, type, body) => {
    const params = { email: 'olga@example.com' };
    await post({ type: 'offboard', person: params });
    expect((await ask('PUT /people/{email}/account', { params, type, body })).status).toBe(200);
    expect((await ask('POST /people/{email}/password', { params })).status).toBe(422);
    const { body: other } = await ask('GET /people/{email}', { params: await employee('per') });
    const taken = JSON.stringify({ userId: other.account?.userId });
    expect((await ask('PUT /people/{email}/account', { params, type, body: taken })).status).toBe(422);
  });

  test.each(examplesOf('POST /people/import'))('imports the file: %s, %s', async (_, type, body) => {
    const { status, body: answer } = await ask('POST /people/import', { type, body });
    expect(status).toBe(200);
    expect(answer.lines).toMatchObject([{ status: 'linked' }, { status: 'linked' }]);
    const lines = type === 'text/csv' ? [] : body.trim().split('\n');
    for (const line of lines) expect(wrongAt(['components', 'schemas', 'ImportLine'], JSON.parse(line))).toEqual([]);
    const again = await ask('POST /people/import', { type, body: `${body}nobody` });
    expect(again.body.lines).toMatchObject([{ status: 'unchanged' }, { status: 'unchanged' }, { status: 'failed' }]);
  });

  test('lists jobs, page by page', async () => {
    const person = await employee('tove');
    await post({ type: 'change', person: { ...person, department: 'Finance' } });
    const query = `?email=${person.email}&limit=1`;
    const { status, body } = await ask('GET /jobs', { query });
    expect([status, body.jobs?.length]).toEqual([200, 1]);
    expect((await ask('GET /jobs', { query: `${query}&cursor=${body.cursor}` })).body.jobs).toHaveLength(1);
    expect((await ask('GET /jobs', { query: `?status=succeeded&cursor=${body.cursor}` })).status).toBe(400);
  });

  test('does what an operator asks about a job', async () => {
    const scheduled = await post({ type: 'offboard', person: await employee('rolf'), effectiveAt: '2199-12-31' });
    const params = { jobId: scheduled.jobId };
    expect((await ask('POST /jobs/{jobId}/retry', { params })).status).toBe(422);
    expect((await ask('POST /jobs/{jobId}/cancel', { params })).status).toBe(202);
    const access = { profile: 'finance' };
    const stuck = await post({ type: 'change', person: { email: 'pia@example.com' }, access });
    expect(stuck.jobStatus).toBe('needs-attention');
    expect((await ask('POST /jobs/{jobId}/retry', { params: { jobId: stuck.jobId } })).status).toBe(202);
  });

  test('stops writes, says what waits, and lets them go on', async () => {
    const person = await employee('signe');
    expect((await ask('POST /guard/pause')).status).toBe(200);
    expect((await post({ type: 'offboard', person })).jobStatus).toBe('held');
    expect((await ask('GET /people/{email}', { params: person })).status).toBe(200);
    expect((await ask('POST /guard/release')).status).toBe(200);
    expect((await ask('POST /guard/resume')).status).toBe(200);
    expect((await ask('GET /health')).body).toEqual({ status: 'ok' });
  });
});
