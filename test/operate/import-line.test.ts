import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../shared/lifecycle/permission.ts';
import { checkLine } from '../../shared/operate/import-line.ts';

const EMAIL = 'sif@hamn.example';
const check = (more: object, domains: string[] = []) => checkLine({ email: EMAIL, userId: 'u-1', ...more }, domains);

describe('a line', () => {
  it('says whose account it is', () => {
    expect(check({ email: ' Sif@Hamn.EXAMPLE', userId: ' u-1 ' })).toEqual({ email: EMAIL, userId: 'u-1' });
  });

  it('without permissions does not say what is held, even where it says the role', () => {
    expect(check({ role: 'ADMIN' })).not.toHaveProperty('access');
  });

  it('without a role is of an empty one', () => {
    expect(check({ permissions: 'ga4' })).toMatchObject({ access: { role: '', permissions: ['ga4'] } });
  });

  for (const permissions of [
    'ga4 export',
    'export,ga4',
    'ga4; export',
    'ga4|export',
    '\tga4 ,, export ga4\n',
    ['export', 'ga4'],
  ])
    it(`says permissions by ${JSON.stringify(permissions)}`, () => {
      expect(check({ role: 'ADMIN', permissions })).toMatchObject({
        access: { role: 'ADMIN', permissions: ['ga4', 'export'] },
      });
    });

  for (const permissions of ['*', ' * ', ['*'], 'ga4 *'])
    it(`says all permissions by ${JSON.stringify(permissions)}`, () => {
      expect(check({ permissions })).toMatchObject({ access: { permissions: [...PERMISSIONS] } });
    });

  it('says none by an empty list', () => {
    expect(check({ role: 'ADMIN', permissions: [] })).toMatchObject({ access: { role: 'ADMIN', permissions: [] } });
  });
});

const WRONG: [rule: string, members: unknown, error: RegExp][] = [
  ['is no object', [EMAIL], /^The line must be an object/],
  ['is null', null, /^The line must be an object/],
  ['has no address', { userId: 'u-1' }, /email is required/],
  ['has an address that is none', { email: 'sif', userId: 'u-1' }, /email must be an ASCII email address/],
  ['has a Kelvin sign in the address', { email: '\u212Aari@hamn.example', userId: 'u-1' }, /ASCII/],
  ['has no userId', { email: EMAIL }, /userId is required/],
  ['has an empty userId', { email: EMAIL, userId: ' ' }, /userId must not be empty/],
  ['has a number for the userId', { email: EMAIL, userId: 17 }, /userId must be a string/],
  ['has a userId that leads elsewhere', { email: EMAIL, userId: '../../keys' }, /userId must not hold any of/],
  ['has a userId that was encoded', { email: EMAIL, userId: 'a%2fb' }, /userId must not hold any of/],
  ['has a userId that climbs', { email: EMAIL, userId: '..' }, /userId must not be a relative path/],
  ['has a member that is not known', { email: EMAIL, userId: 'u-1', name: 'Sif' }, /name is not a known member/],
  ['has a __proto__', JSON.parse(`{"email":"${EMAIL}","userId":"u-1","__proto__":{}}`), /__proto__ is not a known/],
  ['has an empty role', { email: EMAIL, userId: 'u-1', role: '' }, /role must not be empty/],
  ['has null for the role', { email: EMAIL, userId: 'u-1', role: null }, /role must be a string/],
  ['has empty permissions', { email: EMAIL, userId: 'u-1', permissions: '' }, /permissions must be names/],
  ['has separators for permissions', { email: EMAIL, userId: 'u-1', permissions: ' ,;' }, /permissions must be names/],
  [
    'has an empty name among them',
    { email: EMAIL, userId: 'u-1', permissions: ['ga4', ''] },
    /permissions\/1 must be names/,
  ],
  ['has null for permissions', { email: EMAIL, userId: 'u-1', permissions: null }, /permissions must be names/],
  [
    'has flags for permissions',
    { email: EMAIL, userId: 'u-1', permissions: { ga4: true } },
    /permissions must be names/,
  ],
  [
    'has a permission that there is not',
    { email: EMAIL, userId: 'u-1', permissions: '* ga5' },
    /no such flag "ga5"; did you mean "ga4"\?/,
  ],
  [
    'has one spelled otherwise',
    { email: EMAIL, userId: 'u-1', permissions: ['checkout'] },
    /no such flag "checkout"; did you mean "Checkout"\?/,
  ],
];

describe('a line fails, with what to do, where it', () => {
  for (const [rule, members, error] of WRONG)
    it(rule, () => {
      expect(checkLine(members, [])).toMatchObject({ error: expect.stringMatching(error) });
    });

  it('is outside the allowed email domains', () => {
    expect(check({}, ['kaj.example'])).toMatchObject({ error: expect.stringMatching(/allowed email domains/) });
    expect(check({}, ['kaj.example', 'hamn.example'])).not.toHaveProperty('error');
  });

  it('and still says the address, where that can be read, and nothing else of it', () => {
    expect(check({ userId: 'sif’s', email: ' SIF@hamn.example' })).toMatchObject({ email: EMAIL });
    expect(check({ email: 'sif' })).not.toHaveProperty('email');
    expect(JSON.stringify(check({ userId: 'canary 1' }))).not.toContain('canary');
    expect(JSON.stringify(check({ permissions: 'x'.repeat(9_000) })).length).toBeLessThan(700);
  });
});
