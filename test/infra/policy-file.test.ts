import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findingLine, readPolicyFile, warningLines } from '../../infra/policy-file.ts';

function read(yml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'policy.yml');
  writeFileSync(file, yml);
  return readPolicyFile(file);
}

function faultsOf(yml: string): string[] {
  const { policy, faults } = read(yml);
  expect(policy).toBeNull();
  return faults.map((fault) => findingLine('p.yml', fault));
}

describe('the shipped policy', () => {
  const file = readPolicyFile(resolve(import.meta.dirname, '../../access-policy.yml'));

  it("is DESIGN §6's sample", () => {
    expect(file.policy).toMatchObject({
      profiles: {
        marketing: {
          role: 'ADMIN',
          permissions: [
            'paywallBuilder',
            'popUpBuilder',
            'newsLetterBuilder',
            'meterBannerBuilder',
            'journey',
            'audienceSegment',
          ],
        },
        finance: { role: 'ADMIN', permissions: ['payments', 'taxation', 'billing', 'subscriptionPlan', 'export'] },
      },
      rules: [
        { when: { department: ['Marketing', 'Growth'] }, profile: 'marketing' },
        { when: { department: 'Finance' }, profile: 'finance' },
      ],
    });
  });

  it('has nothing wrong with it, and nothing to warn of', () => {
    expect(file.faults).toEqual([]);
    expect(warningLines('access-policy.yml', file)).toEqual([]);
  });
});

describe('a fault is given with its line and column', () => {
  it.each([
    ['of a key that is there twice', 'profiles: {}\nrules: []\nprofiles: {}\n', /^p\.yml:3:1: .*unique/],
    [
      'of a profile that is there twice',
      'profiles:\n  a: {role: R, permissions: []}\n  a: {role: S, permissions: []}\nrules: []\n',
      /^p\.yml:3:3: .*unique/,
    ],
    ['of a bracket that is left open', 'profiles: {}\nrules: [\n', /^p\.yml:\d+:\d+: /],
    [
      'of a star without quotes',
      'profiles: {}\nrules:\n  - when: {department: *}\n    profile: a\n',
      /^p\.yml:3:24: .*quotes/,
    ],
    [
      'of a text that begins with a star without quotes',
      'profiles: {}\nrules:\n  - when:\n      department: *Finance\n    profile: a\n',
      /^p\.yml:4:19: .*\*Finance.*quotes/,
    ],
    ['of a second document', 'profiles: {}\nrules: []\n---\nprofiles: {}\n', /^p\.yml:\d+:\d+: .*documents/],
    [
      'of an unknown flag',
      'profiles:\n  a:\n    role: R\n    permissions: [ga4, exports]\nrules: []\n',
      /^p\.yml:4:24: profiles\.a\.permissions: .*"exports".*"export"/,
    ],
    [
      'of an unknown attribute, at its name',
      'profiles:\n  a: {role: R, permissions: []}\nrules:\n  - when: {location: Pune, departement: X}\n    profile: a\n',
      /^p\.yml:4:28: rule 1, when\.departement: /,
    ],
    [
      'of an unknown profile',
      'profiles:\n  finance: {role: R, permissions: []}\nrules:\n  - when: {location: Pune}\n    profile: finanse\n',
      /^p\.yml:5:5: rule 1, profile: .*"finance"/,
    ],
    [
      'of what is missing, where it should be',
      'profiles:\n  a: {role: R}\nrules: []\n',
      /^p\.yml:2:3: profiles\.a\.permissions: is required/,
    ],
    ['of an empty file', '', /^p\.yml:1:1: must be an object/],
  ])('%s', (_, yml, expected) => {
    expect(faultsOf(yml)).toEqual([expect.stringMatching(expected)]);
  });

  it('each for itself', () => {
    const yml = 'profiles:\n  a: {role: R, permissions: [x, y]}\nrules:\n  - {when: {}, profile: b}\n';
    expect(faultsOf(yml).map((line) => line.split(':')[1])).toEqual(['2', '2', '4', '4']);
  });
});

describe('a warning', () => {
  it('is a line that begins with the file', () => {
    const file = read(
      'profiles:\n  all: {role: R, permissions: "*"}\nrules:\n  - {when: {department: "*"}, profile: all}\n',
    );
    expect(warningLines('p.yml', file)).toEqual([expect.stringMatching(/^p\.yml: warning: rule 1 .*API secret/)]);
  });

  it('is given of a tag, which is read as plain text', () => {
    const file = read('profiles: {}\nrules:\n  []\n'.replace('{}', '{a: {role: !Ref R, permissions: []}}'));
    expect(warningLines('p.yml', file)).toEqual([expect.stringMatching(/^p\.yml: warning: line 1: .*!Ref/)]);
  });
});

describe('an anchor', () => {
  it('may be used', () => {
    const yml = 'profiles:\n  a: {role: R, permissions: &some [ga4]}\n  b: {role: S, permissions: *some}\nrules: []\n';
    expect(read(yml).policy?.profiles['b']).toEqual({ role: 'S', permissions: ['ga4'] });
  });

  it('cannot hold itself', () => {
    expect(read('profiles: &p {a: *p}\nrules: []\n').policy).toBeNull();
  });

  it('cannot be made to fill the memory', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) =>
        `x${level}: &x${level} [${Array(9)
          .fill(level ? `*x${level - 1}` : 'a')
          .join(', ')}]`,
    );
    expect(read(`${levels.join('\n')}\nprofiles: {}\nrules: []\n`).policy).toBeNull();
  });
});
