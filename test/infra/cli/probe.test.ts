import { execFile } from 'node:child_process';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ProbeOptions, probe } from '../../../infra/cli/probe.ts';
import type { Fault } from '../../../infra/local/conscent-faults.ts';
import { type SandboxOptions, startConscentSandbox } from '../../../infra/local/conscent-sandbox.ts';

const SECRET = 'probe-test-secret-9f2c';

/** A Conscent to probe, and a probe that is allowed to write unless told otherwise. */
async function start(behaviour: SandboxOptions['behaviour'] = {}) {
  const sandbox = await startConscentSandbox({
    port: 0,
    credentials: { apiKey: 'probe-test-key', apiSecret: SECRET },
    behaviour,
  });
  onTestFinished(() => sandbox.close());
  const run = async (options: Partial<ProbeOptions> = {}, env: ProbeOptions['env'] = {}) => {
    let output = '';
    const code = await probe({
      argv: ['--yes'],
      env: { CONSCENT_BASE_URL: sandbox.url, CONSCENT_API_KEY: 'probe-test-key', CONSCENT_API_SECRET: SECRET, ...env },
      write: (text) => {
        output += text;
      },
      ...options,
    });
    const table = tableIn(output);
    return { code, output, table: Object.fromEntries(table), row: (question: string) => table.get(question) ?? [] };
  };
  return { sandbox, run };
}

describe('a probe', () => {
  it('of a Conscent that behaves finds everything out', async () => {
    const { run } = await start();
    const { code, table } = await run();
    expect(table).toEqual({
      'Does the answer to a create carry an id, and where?': ['yes, at userId (201, created)', ''],
      'How is an address that is taken answered?': ['409, already-exists', 'CONSCENT_REFUSES_DUPLICATES=true'],
      'How is an unknown user id answered?': ['404, not-found', ''],
      'How are bad credentials answered?': ['401, unauthorized', ''],
      'How is a weak password answered?': ['400, rejected', ''],
      'Does an update accept a part of the members?': ['yes (200, updated)', ''],
      'Does an update accept a new address alone?': ['yes (200, updated)', ''],
      'Is the same update accepted twice?': ['yes (200, updated)', ''],
      'Does an update merge or replace permissions?': ['replaces', 'nothing: all 24 flags are always sent'],
    });
    expect(code).toBe(0);
  });

  it('takes away what it gave, at the domain it was told', async () => {
    const { sandbox, run } = await start();
    await run({ argv: ['--yes', '--email-domain', 'staff.example.org'] });
    const [user, ...others] = sandbox.users();
    expect(others).toEqual([]);
    expect(user?.email).toMatch(/^renamed-conscent-probe-[0-9a-f]{12}@staff\.example\.org$/);
    expect(Object.values(user?.permissions ?? {})).toEqual(Array(24).fill(false));
    expect(sandbox.calls().at(-1)).toMatchObject({
      method: 'PATCH',
      status: 200,
      members: ['permissions', 'password'],
    });
  });

  it('prints no secret and no password', async () => {
    const { run } = await start();
    const { output } = await run();
    expect(output).not.toContain(SECRET);
    expect(output).not.toContain('probe-test-key');
    const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];
    const passwords = output
      .split(/\s+/)
      .filter((word) => word.length === 24 && classes.every((one) => one.test(word)));
    expect(passwords).toEqual([]);
  });

  it('sees that permissions are merged, and that a part is not enough', async () => {
    const merging = await start({ permissions: 'merge' });
    expect((await merging.run()).row('Does an update merge or replace permissions?')[0]).toBe('merges');
    const strict = await start({ patch: 'whole' });
    const { row } = await strict.run();
    expect(row('Does an update accept a part of the members?')[0]).toBe('no (400, rejected)');
    expect(row('Does an update merge or replace permissions?')[0]).toMatch(/^could not find out/);
  });

  it('finds duplicates accepted, and takes the access of both away', async () => {
    const { sandbox, run } = await start({ duplicates: 'accept' });
    const { code, table } = await run();
    expect(table['How is an address that is taken answered?']).toEqual([
      '201, created',
      'CONSCENT_REFUSES_DUPLICATES=false',
    ]);
    expect(sandbox.users().map((user) => Object.values(user.permissions).some(Boolean))).toEqual([false, false]);
    expect(sandbox.users().map((user) => user.passwordSet)).toEqual([2, 2]);
    expect(code).toBe(0);
  });

  it('names the address to remove by hand where no answer carried an id', async () => {
    const { sandbox, run } = await start({ faults: [{ kind: 'plain-text', method: 'POST', count: 'always' }] });
    const { code, output, row } = await run();
    expect(row('Does the answer to a create carry an id, and where?')[0]).toBe('no (201, created)');
    expect(row('How is an address that is taken answered?')[1]).toBe('CONSCENT_REFUSES_DUPLICATES=true');
    expect(row('Is the same update accepted twice?')[0]).toMatch(/^could not find out/);
    expect(output).toContain(`An account at ${sandbox.users()[0]?.email} exists or may exist`);
    expect(code).toBe(1);
  });

  it('names the address where a create was met with silence, and asks nothing else', async () => {
    const { sandbox, run } = await start({ faults: [{ kind: 'reset', effect: 'before' }] });
    const { code, output } = await run();
    expect(output).toContain(`An account at ${sandbox.users()[0]?.email} exists or may exist`);
    expect(sandbox.calls()).toHaveLength(1);
    expect(code).toBe(1);
  });

  it.each<Fault>([{ kind: 'status', status: 503 }, { kind: 'reset' }, { kind: 'status', status: 418 }])(
    'does not promise that duplicates are refused after %j',
    async (fault) => {
      const { sandbox, run } = await start();
      const { row } = await run({ signal: onQuestion(2, () => sandbox.tell(fault)) });
      const [answer, set] = row('How is an address that is taken answered?');
      expect(answer).toMatch(/^could not find out/);
      expect(set).toBe('CONSCENT_REFUSES_DUPLICATES=false');
    },
  );

  it('makes nothing where the credentials are refused', async () => {
    const { sandbox, run } = await start();
    const { code, output } = await run({}, { CONSCENT_API_SECRET: 'another' });
    expect(output).toContain('401, unauthorized');
    expect(output).toContain('Nothing was made.');
    expect(sandbox.users()).toEqual([]);
    expect(code).toBe(1);
  });

  it('cleans up when it is interrupted', async () => {
    const { sandbox, run } = await start();
    const { code, output } = await run({ signal: onQuestion(3, (interrupt) => interrupt.abort()) });
    expect(output).toContain('could not find out: interrupted');
    expect(sandbox.calls().map((call) => call.method)).toEqual(['POST', 'POST', 'PATCH']);
    expect(sandbox.users()).toMatchObject([{ passwordSet: 2 }]);
    expect(code).toBe(1);
  });

  it('tries to take access away more than once, and says so where it could not', async () => {
    const passing = await start();
    passing.sandbox.tell({ kind: 'status', status: 503, method: 'PATCH', count: 2 });
    expect((await passing.run({ signal: onQuestion(2, (interrupt) => interrupt.abort()) })).output).toContain(
      'no access any more',
    );
    const lasting = await start({ faults: [{ kind: 'status', status: 503, method: 'PATCH', count: 'always' }] });
    const { code, output } = await lasting.run();
    expect(output).toContain(`(user ${lasting.sandbox.users()[0]?.userId}) could not be taken away`);
    expect(code).toBe(1);
  });
});

describe('before it writes', () => {
  it.each(['y', 'Yes', ' y '])('a probe takes %j for a yes', async (answer) => {
    const { sandbox, run } = await start();
    expect((await run({ argv: [], ask: async () => answer })).code).toBe(0);
    expect(sandbox.users()).toHaveLength(1);
  });

  it.each(['', 'n', 'no', 'yellow'])('a probe takes %j for a no', async (answer) => {
    const { sandbox, run } = await start();
    const { code, output } = await run({ argv: [], ask: async () => answer });
    expect([code, output]).toEqual([2, 'Nothing was sent.\n']);
    expect(sandbox.calls()).toEqual([]);
  });

  it('a probe says where it will write', async () => {
    const { sandbox, run } = await start();
    const ask = vi.fn(async () => 'n');
    await run({ argv: [], ask });
    expect(ask).toHaveBeenCalledWith(expect.stringContaining(sandbox.url));
  });

  it('a probe without a terminal refuses in one line', async () => {
    const { sandbox, run } = await start();
    const { code, output } = await run({ argv: [] });
    expect(output).toMatch(/^[^\n]*--yes[^\n]*\n$/);
    expect(code).toBe(2);
    expect(sandbox.calls()).toEqual([]);
  });
});

describe('a probe is refused in one line', () => {
  it.each<[string, Partial<ProbeOptions>, ProbeOptions['env'], RegExp]>([
    ['without a base URL', {}, { CONSCENT_BASE_URL: undefined }, /CONSCENT_BASE_URL/],
    ['with http to elsewhere', {}, { CONSCENT_BASE_URL: 'http://api.example.org/api/' }, /CONSCENT_BASE_URL/],
    ['with what is no URL', {}, { CONSCENT_BASE_URL: 'api' }, /CONSCENT_BASE_URL/],
    ['with half a pair', {}, { CONSCENT_API_SECRET: undefined }, /CONSCENT_API_KEY and CONSCENT_API_SECRET/],
    [
      'without credentials',
      {},
      { CONSCENT_API_KEY: '', CONSCENT_API_SECRET: '', SECRETS_FILE: '/nowhere' },
      /SECRETS_FILE|nowhere/,
    ],
    ['with an unknown option', { argv: ['--yess'] }, {}, /--yess/],
    ['with a domain that is none', { argv: ['--yes', '--email-domain', 'a b'] }, {}, /--email-domain/],
  ])('%s', async (_, options, env, message) => {
    const { sandbox, run } = await start();
    const { code, output } = await run(options, env);
    expect(output).toMatch(message);
    expect(output.trimEnd()).not.toContain('\n');
    expect(code).toBe(2);
    expect(sandbox.calls()).toEqual([]);
  });
});

describe('the command', () => {
  const node = (...argv: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(process.execPath, ['infra/cli/probe.ts', ...argv], (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
      child.stdin?.end();
    });

  it('probes a sandbox of its own', async () => {
    const { code, stdout } = await node('--sandbox', '--yes');
    expect(stdout).toContain('CONSCENT_REFUSES_DUPLICATES=true');
    expect(code).toBe(0);
  });

  it('refuses to write unasked', async () => {
    const { code, stdout } = await node('--sandbox');
    expect(stdout).toMatch(/^[^\n]*--yes[^\n]*\n$/);
    expect(code).toBe(2);
  });
});

/** A probe's signal, which it looks at once before each question; lets something happen before one of them, counted from 1. */
function onQuestion(number: number, happen: (interrupt: AbortController) => void): AbortSignal {
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const look = signal.throwIfAborted.bind(signal);
  let asked = 0;
  signal.throwIfAborted = () => {
    asked += 1;
    if (asked === number) happen(interrupt);
    look();
  };
  return signal;
}

function tableIn(output: string): Map<string, string[]> {
  const rows = output.split('\n').filter((line) => line.includes(' | '));
  return new Map(
    rows.slice(1).map((row) => {
      const [question = '', ...cells] = row.split(' |').map((cell) => cell.trim());
      return [question, cells] as const;
    }),
  );
}
