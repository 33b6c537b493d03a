/** `npm run policy -- diff`, as a process with files. */
import { describe, expect, it } from 'vitest';
import { fileOf, OLD, run } from './policy-command.ts';

describe('diff', () => {
  const NEW = `profiles:
  desk: { role: ADMIN, permissions: [journey, export] }
  till: { role: TELLER, permissions: [payments] }
rules:
  - { when: { department: Press }, profile: desk }
  - { when: { jobTitle: "*cashier*", location: { not: Oslo } }, profile: till }
`;
  const PEOPLE = [
    { email: 'press@example.com', department: 'Press' },
    { email: 'print@example.com', department: 'Print' },
    { externalId: '77', jobTitle: 'Cashier', location: 'Pune' },
    { department: 'Radio', attributes: { level: 'lead' } },
  ];
  const ndjson = (people: readonly object[]) => people.map((person) => JSON.stringify(person)).join('\r\n');

  it('says per profile and rule what changed', async () => {
    const { code, stdout } = await run('', 'diff', fileOf(OLD), fileOf(NEW));
    expect(stdout).toContain('~ profile desk: gains export; loses ga4; role EDITOR → ADMIN\n');
    expect(stdout).toContain('- rule 1: desk when department is "Press" or "Print"\n');
    expect(stdout).toContain('+ rule 1: desk when department is "Press"\n');
    expect(stdout).not.toContain('till');
    expect(code).toBe(0);
  });

  it('says who would gain or lose what, and how many', async () => {
    const { code, stdout } = await run(
      '',
      'diff',
      fileOf(OLD),
      fileOf(NEW),
      fileOf(`${ndjson(PEOPLE)}\n\n`, 'people.ndjson'),
    );
    expect(stdout).toContain('press@example.com: gains export; loses ga4; role EDITOR → ADMIN\n');
    expect(stdout).toContain('print@example.com: loses journey, ga4; role EDITOR → none\n');
    expect(stdout).not.toMatch(/^(77|line 4)/m);
    const totals = Object.fromEntries(
      [...stdout.matchAll(/^([a-z ]+?) {2,}(\d+)$/gm)].map(([, what, number]) => [what, Number(number)]),
    );
    expect(totals).toEqual({
      people: 4,
      unchanged: 2,
      'gain flags': 1,
      'lose flags': 2,
      'change role': 1,
      'gain access': 0,
      'lose all access': 1,
    });
    expect(stdout).toMatch(/^ +export +\+1 -0$/m);
    expect(stdout).toMatch(/^ +ga4 +\+0 -2$/m);
    expect(code).toBe(0);
  });

  it('shows what a profile gives that is new or gone', async () => {
    const owners = '  owners: { role: OWNER, permissions: "*" }\n';
    const { stdout } = await run('', 'diff', fileOf(OLD), fileOf(OLD.replace('rules:\n', `${owners}rules:\n`)));
    expect(stdout).toContain('\n+ profile owners: role OWNER, all 24 flags\n');
    const back = await run('', 'diff', fileOf(OLD.replace('rules:\n', `${owners}rules:\n`)), fileOf(OLD));
    expect(back.stdout).toContain('\n- profile owners: role OWNER, all 24 flags\n');
  });

  it('of the same policy says so', async () => {
    const { stdout } = await run('', 'diff', fileOf(OLD), fileOf(`# moved\n${OLD}`));
    expect(stdout).toContain('no profile and no rule differs');
  });

  it('says that only the order of the rules changed', async () => {
    const [a = '', b = ''] = OLD.split('\n').slice(4, 6);
    const { stdout } = await run('', 'diff', fileOf(OLD), fileOf(OLD.replace(`${a}\n${b}`, `${b}\n${a}`)));
    expect(stdout).toMatch(/^~ order of the rules.* 2, 1$/m);
    expect(stdout).not.toMatch(/^[-+]/m);
  });

  it('names malformed lines by number, counts the others and exits with 2', async () => {
    const people = [
      '{"email":"a@example.com","department":"Print"}',
      '{"email":',
      '{"departement":"Print"}',
      '[]',
      '{"attributes":{"level":3}}',
    ];
    const { code, stdout, stderr } = await run(
      '',
      'diff',
      fileOf(OLD),
      fileOf(NEW),
      fileOf(people.join('\n'), 'people.ndjson'),
    );
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .map((line) => /people\.ndjson: line (\d+): /.exec(line)?.[1]),
    ).toEqual(['2', '3', '4', '5']);
    expect(stdout).toMatch(/^people +1$/m);
    expect(code).toBe(2);
  });

  it('says what is wrong with both policies', async () => {
    const bad = OLD.replace('ga4', 'ga5');
    const [one, other] = [fileOf(bad), fileOf(bad)];
    const { code, stderr } = await run('', 'diff', one, other);
    expect(stderr).toContain(`${one}:2:`);
    expect(stderr).toContain(`${other}:2:`);
    expect(code).toBe(1);
  });
});
