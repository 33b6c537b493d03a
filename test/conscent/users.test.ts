import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Fault } from '../../infra/local/conscent-faults.ts';
import { startConscentSandbox } from '../../infra/local/conscent-sandbox.ts';
import type { Credentials } from '../../shared/conscent/client.ts';
import { type ConscentSettings, conscentUsers } from '../../shared/conscent/users.ts';
import type { ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';
import { type Access, PERMISSIONS } from '../../shared/lifecycle/permission.ts';
import { rawServer } from './raw-server.ts';

const EDITOR: Access = { role: 'EDITOR', permissions: ['journey', 'Checkout'] };

async function start(settings: Partial<ConscentSettings> = {}) {
  const credentials: Credentials = { apiKey: 'users-test-key', apiSecret: 'users-test-secret' };
  const sandbox = await startConscentSandbox({ port: 0, credentials });
  onTestFinished(() => sandbox.close());
  const users = conscentUsers({
    baseUrl: sandbox.url,
    timeoutMs: 5_000,
    credentials: async () => ({ ...credentials }),
    refreshCredentials: async () => ({ ...credentials }),
    ...settings,
  });
  const created = async (email: string) => {
    const answer = await users.create(email, EDITOR);
    return answer.kind === 'created' ? (answer.userId ?? '') : '';
  };
  return { sandbox, users, created, credentials };
}

describe('the status of each exchange', () => {
  it('is told of, whatever the answer means; none where none came', async () => {
    const statuses: (number | null)[] = [];
    const { sandbox, users } = await start({ onStatus: (status) => statuses.push(status) });
    await users.create('nora@example.org', EDITOR);
    await users.create('nora@example.org', EDITOR);
    sandbox.tell({ kind: 'reset' });
    await users.create('ole@example.org', EDITOR);
    expect(statuses).toEqual([201, 409, null]);
  });
});

describe('creating an account', () => {
  it('says all 24 flags, the role and a password', async () => {
    const { sandbox, users } = await start();
    const answer = await users.create('nora@example.org', EDITOR);
    const [user] = sandbox.users();
    expect(answer).toEqual({ kind: 'created', userId: user?.userId });
    expect(user).toMatchObject({ email: 'nora@example.org', role: 'EDITOR', passwordSet: 1 });
    expect(flagsOn(user?.permissions)).toEqual(['journey', 'Checkout']);
    expect(sandbox.calls()).toMatchObject([{ method: 'POST', members: ['email', 'password', 'role', 'permissions'] }]);
  });

  it('that exists already is told apart', async () => {
    const { users, created } = await start();
    await created('nora@example.org');
    expect(await users.create('nora@example.org', EDITOR)).toEqual({ kind: 'already-exists' });
  });

  it('works without an id where the answer is the documented sentence', async () => {
    const { sandbox, users } = await start();
    sandbox.tell({ kind: 'plain-text' });
    expect(await users.create('nora@example.org', EDITOR)).toEqual({ kind: 'created' });
    expect(sandbox.users()).toHaveLength(1);
  });
});

describe('changing an account', () => {
  it('to other access says the role and all 24 flags, and nothing else', async () => {
    const { sandbox, users, created } = await start();
    const access: Access = { role: 'ADMIN', permissions: ['export'] };
    expect(await users.update(await created('nora@example.org'), { kind: 'update', access })).toEqual({
      kind: 'updated',
    });
    expect(sandbox.users()).toMatchObject([{ email: 'nora@example.org', role: 'ADMIN', passwordSet: 1 }]);
    expect(flagsOn(sandbox.users()[0]?.permissions)).toEqual(['export']);
    expect(sandbox.calls()[1]?.members).toEqual(['role', 'permissions']);
  });

  it('to another address says the address and nothing else', async () => {
    const { sandbox, users, created } = await start();
    const change = { kind: 'rename', email: 'nora.lind@example.org' } as const;
    expect(await users.update(await created('nora@example.org'), change)).toEqual({ kind: 'updated' });
    expect(sandbox.users()).toMatchObject([{ email: 'nora.lind@example.org', role: 'EDITOR', passwordSet: 1 }]);
    expect(sandbox.calls()[1]?.members).toEqual(['email']);
  });

  it('to a password that an operator asked for says the password and nothing else', async () => {
    const { sandbox, users, created } = await start();
    const change = { kind: 'password', password: 'Asked-for-by-an-operator-1' } as const;
    expect(await users.update(await created('nora@example.org'), change)).toEqual({ kind: 'updated' });
    expect(sandbox.users()).toMatchObject([{ email: 'nora@example.org', role: 'EDITOR', passwordSet: 2 }]);
    expect(sandbox.calls()[1]?.members).toEqual(['password']);
  });

  it('that cannot be made for want of credentials is not made, and not taken for silence', async () => {
    const { sandbox } = await start();
    const users = conscentUsers({
      baseUrl: sandbox.url,
      timeoutMs: 1_000,
      credentials: () => Promise.reject(new Error('the secret cannot be read')),
      refreshCredentials: () => Promise.reject(new Error('nor again')),
    });
    expect(await users.update('u1', { kind: 'revoke' })).toEqual({ kind: 'unavailable', because: 'secret-unreadable' });
    expect(sandbox.calls()).toEqual([]);
  });

  it('to no access says 24 times false and a fresh password, no address and no role', async () => {
    const { sandbox, users, created } = await start();
    expect(await users.update(await created('nora@example.org'), { kind: 'revoke' })).toEqual({ kind: 'updated' });
    expect(sandbox.users()).toMatchObject([{ email: 'nora@example.org', role: 'EDITOR', passwordSet: 2 }]);
    expect(flagsOn(sandbox.users()[0]?.permissions)).toEqual([]);
    expect(sandbox.calls()[1]?.members).toEqual(['permissions', 'password']);
  });

  it.each([{ kind: 'update', access: EDITOR }, { kind: 'revoke' }] as const)(
    'names every flag where it is a $kind',
    async (change) => {
      const server = await rawServer((socket) => socket.end('HTTP/1.1 204 X\r\n\r\n'));
      const { users } = await start({ baseUrl: server.baseUrl });
      await users.update('u1', change);
      const body: unknown = JSON.parse(server.requests[0]?.split('\r\n\r\n')[1] ?? '');
      expect(body).toHaveProperty('permissions');
      expect(Object.keys((body as { permissions: object }).permissions)).toEqual([...PERMISSIONS]);
    },
  );

  it('that nobody knows is not found', async () => {
    const { users } = await start();
    expect(await users.update('0123456789abcdef01234567', { kind: 'revoke' })).toEqual({ kind: 'not-found' });
  });

  it('without an id is refused before anything is sent', async () => {
    const { sandbox, users } = await start();
    await expect(users.update('', { kind: 'revoke' })).rejects.toThrow(TypeError);
    expect(sandbox.calls()).toEqual([]);
  });
});

describe('every fault is one answer after one call', () => {
  it.each<[Fault, ConscentAnswer]>([
    [
      { kind: 'status', status: 400 },
      { kind: 'rejected', status: 400 },
    ],
    [{ kind: 'status', status: 422, message: 'exists' }, { kind: 'already-exists' }],
    [
      { kind: 'status', status: 429, retryAfterSeconds: 30 },
      { kind: 'throttled', retryAfterSeconds: 30 },
    ],
    [{ kind: 'status', status: 500 }, { kind: 'unavailable' }],
    [
      { kind: 'status', status: 503, retryAfterSeconds: 0 },
      { kind: 'unavailable', retryAfterSeconds: 0 },
    ],
    [
      { kind: 'status', status: 502 },
      { kind: 'silence', reason: 'bad-gateway' },
    ],
    [{ kind: 'reset' }, { kind: 'silence', reason: 'connection-lost' }],
    [
      { kind: 'reset', effect: 'before' },
      { kind: 'silence', reason: 'connection-lost' },
    ],
    [{ kind: 'truncated' }, { kind: 'silence', reason: 'truncated' }],
    [
      { kind: 'truncated', how: 'json' },
      { kind: 'silence', reason: 'truncated' },
    ],
    [{ kind: 'html' }, { kind: 'silence', reason: 'html' }],
    [{ kind: 'error-in-2xx' }, { kind: 'silence', reason: 'error-in-2xx' }],
    [{ kind: 'redirect' }, { kind: 'silence', reason: 'redirect' }],
  ])('%j', async (fault, expected) => {
    const { sandbox, users } = await start();
    sandbox.tell(fault);
    expect(await users.create('nora@example.org', EDITOR)).toEqual(expected);
    expect(sandbox.calls()).toHaveLength(1);
  });

  it.each<Fault>([{ kind: 'hang' }, { kind: 'drip', everyMs: 5 }])('%j', async (fault) => {
    const { sandbox, users } = await start({ timeoutMs: 80 });
    sandbox.tell(fault);
    expect(await users.create('nora@example.org', EDITOR)).toEqual({ kind: 'silence', reason: 'timeout' });
    expect(sandbox.calls()).toHaveLength(1);
  });

  it('and a Retry-After date is measured by the clock that sent it', async () => {
    const { sandbox, users } = await start({ now: () => new Date('2001-01-01T00:00:00Z') });
    sandbox.tell({ kind: 'status', status: 429, retryAfterDateInSeconds: 600 });
    const answer = await users.create('nora@example.org', EDITOR);
    expect(answer).toEqual({ kind: 'throttled', retryAfterSeconds: expect.closeTo(600, -1) });
  });
});

describe.each([401, 403])('credentials that are answered %i', (status) => {
  it('are read once more, and where they were rotated the call is made again', async () => {
    const { sandbox, credentials } = await start();
    const refreshCredentials = vi.fn(async () => credentials);
    const { users } = await start({
      baseUrl: sandbox.url,
      credentials: async () => ({ ...credentials, apiSecret: 'the-old-one' }),
      refreshCredentials,
    });
    if (status === 403) sandbox.tell({ kind: 'status', status });
    expect(await users.create('nora@example.org', EDITOR)).toMatchObject({ kind: 'created' });
    expect(refreshCredentials).toHaveBeenCalledOnce();
    expect(sandbox.calls().map((call) => call.status)).toEqual([status, 201]);
  });

  it('and did not change are not tried again', async () => {
    const { sandbox, users } = await start();
    sandbox.tell({ kind: 'status', status });
    expect(await users.create('nora@example.org', EDITOR)).toEqual({ kind: 'unauthorized', status });
    expect(sandbox.calls()).toHaveLength(1);
  });

  it('and cannot be read again are not tried again', async () => {
    const { sandbox, users } = await start({ refreshCredentials: () => Promise.reject(new Error('no secrets today')) });
    sandbox.tell({ kind: 'status', status });
    expect(await users.create('nora@example.org', EDITOR)).toEqual({ kind: 'unauthorized', status });
    expect(sandbox.calls()).toHaveLength(1);
  });

  it('twice are not tried a third time', async () => {
    const rotations = ['second', 'third'];
    const { sandbox, users } = await start({
      refreshCredentials: async () => ({ apiKey: 'users-test-key', apiSecret: rotations.shift() ?? '' }),
    });
    sandbox.tell({ kind: 'status', status, count: 'always' });
    expect(await users.create('nora@example.org', EDITOR)).toEqual({ kind: 'unauthorized', status });
    expect(sandbox.calls()).toHaveLength(2);
  });
});

function flagsOn(permissions: Record<string, boolean> = {}): string[] {
  return Object.keys(permissions).filter((flag) => permissions[flag]);
}
