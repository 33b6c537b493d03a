/** `npm run policy`, as a process with files. */
import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../../shared/lifecycle/permission.ts';
import { fileOf, OLD, run } from './policy-command.ts';

/** Which of the 24 flags are printed as true and as false. */
function flagsIn(stdout: string): { on: string[]; off: string[] } {
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const flags = (state: string) => rows.filter(([, cell]) => cell === state).map(([flag = '']) => flag);
  return { on: flags('true'), off: flags('false') };
}

describe('explain', () => {
  it('says which rules match, which do not and why, the role and all 24 flags', async () => {
    const { code, stdout } = await run('', 'explain', '--department', 'Finance', '--jobTitle', 'Finance manager');
    expect(stdout).toMatch(
      /^rule 1 +does not match +marketing when department is "Marketing" or "Growth": department is "Finance"$/m,
    );
    expect(stdout).toMatch(/^rule 2 +matches +finance when department is "Finance"$/m);
    expect(stdout).toMatch(/^role +ADMIN/m);
    const { on, off } = flagsIn(stdout);
    expect(on.toSorted()).toEqual(['billing', 'export', 'payments', 'subscriptionPlan', 'taxation']);
    expect([...on, ...off].toSorted()).toEqual(PERMISSIONS.toSorted());
    expect(code).toBe(0);
  });

  it('unites all that match and says which rule a flag comes from', async () => {
    const person = [
      '--department=PRESS',
      '--jobTitle=Head cashier',
      '--location=Pune',
      '--attribute',
      'costCentre=4711',
    ];
    const { stdout } = await run(fileOf(OLD), 'explain', ...person);
    expect(stdout).toContain('attributes.costCentre "4711"');
    expect(stdout).toMatch(/^role +EDITOR \(rule 1\)$/m);
    expect(stdout).toMatch(/^ +journey +true +\(rule 1\)$/m);
    expect(stdout).toMatch(/^ +payments +true +\(rule 2\)$/m);
  });

  it('says that somebody gets nothing, and that an attribute is not known', async () => {
    const { code, stdout } = await run(fileOf(OLD), 'explain', '--jobTitle', 'Cashier');
    expect(stdout).toMatch(/^rule 2 +does not match .*: location is not known$/m);
    expect(stdout).toMatch(/^role +none.*no access/m);
    expect(flagsIn(stdout).off).toHaveLength(24);
    expect(code).toBe(0);
  });

  it('takes the policy that is given before the one in force', async () => {
    const { stdout } = await run('/no/such/policy.yml', 'explain', fileOf(OLD), '--department', 'Print');
    expect(stdout).toMatch(/^role +EDITOR/m);
  });

  it.each([
    ['an attribute without a value', ['--attribute', 'costCentre']],
    ['an attribute without a name', ['--attribute', '=4711']],
    ['a name that no event can carry', ['--attribute', '4th=x']],
    ['an empty department', ['--department', '']],
    ['an option that does not exist', ['--departement', 'Finance']],
  ])('refuses %s', async (_, argv) => {
    const { code, stderr } = await run('', 'explain', ...argv);
    expect(stderr).toContain('npm run policy');
    expect(code).toBe(2);
  });
});

describe('check', () => {
  it('of the shipped policy prints the hash that jobs carry', async () => {
    const { code, stdout, stderr } = await run('', 'check');
    // From the README, whose example comes from a deployed handler.
    expect(stdout).toMatch(/^hash 01636f418e8dd88a$/m);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('of a bad policy says every fault in a line of its own and fails', async () => {
    const file = fileOf(
      'profiles:\n  a: { role: R, permissions: [exports, webhook] }\nrules:\n  - { when: { depratment: X }, profile: b }\n',
    );
    const { code, stdout, stderr } = await run(file, 'check');
    const lines = stderr.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, file.length + 3))).toEqual([
      `${file}:2:`,
      `${file}:2:`,
      `${file}:4:`,
      `${file}:4:`,
    ]);
    for (const [index, word] of ['export', 'webhooks', 'department', 'b'].entries())
      expect(lines[index]).toContain(`"${word}"`);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it('of YAML that is none says where', async () => {
    const { code, stderr } = await run(fileOf('rules: []\nrules: []\nprofiles: {\n'), 'check');
    expect(stderr).toMatch(/policy\.yml:2:1: /);
    expect(code).toBe(1);
  });

  it('warns of sensitive flags for everyone and succeeds', async () => {
    const file = fileOf(
      'profiles:\n  a: { role: R, permissions: "*" }\nrules:\n  - { when: { department: "*" }, profile: a }\n',
    );
    const { code, stdout, stderr } = await run('', 'check', file);
    expect(stderr).toMatch(/^\S+policy\.yml: warning: rule 1 .*API secret.*\n$/);
    expect(stdout).toMatch(/^hash [0-9a-f]{16}$/m);
    expect(code).toBe(0);
  });
});

describe('the command is refused with how to call it', () => {
  it.each([
    ['without a subcommand', []],
    ['with an unknown one', ['explian']],
    ['with an unknown option', ['check', '--quiet']],
    ['with options that are not for it', ['check', '--department', 'Press']],
    ['with one policy to compare', ['diff', 'access-policy.yml']],
    ['with too many files', ['check', 'access-policy.yml', 'access-policy.yml']],
    ['with a file that is not there', ['check', 'no-such-policy.yml']],
    ['with people that are not there', ['diff', 'access-policy.yml', 'access-policy.yml', 'no-such.ndjson']],
  ])('%s', async (_, argv) => {
    const { code, stdout, stderr } = await run('', ...argv);
    expect(stderr).toContain('npm run policy -- explain');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('and told on request', async () => {
    const { code, stdout } = await run('', '--help');
    expect(stdout).toContain('npm run policy -- explain');
    expect(code).toBe(0);
  });
});
