/** What is wrong in a policy is said with its place, the wrong name and the right spelling; all of it at once. */
import { describe, expect, it } from 'vitest';
import { faultInWords, policyFaults, readAccessPolicy } from '../../shared/lifecycle/access-policy-faults.ts';

const press = { role: 'ADMIN', permissions: ['ignite'] };
const profiles = { press };

function faultsOf(value: unknown): string[] {
  return policyFaults(value).map(faultInWords);
}

function faultsOfRule(when: unknown): string[] {
  return faultsOf({ profiles, rules: [{ when, profile: 'press' }] });
}

describe('an unknown name is refused with its place and the nearest right spelling', () => {
  it.each([
    ['checkout', 'Checkout'],
    ['exports', 'export'],
    ['newsletterBuilder', 'newsLetterBuilder'],
    ['webhoks', 'webhooks'],
    ['GA-4', 'ga4'],
  ])('of the flag %s', (wrong, right) => {
    expect(faultsOf({ profiles: { press: { role: 'ADMIN', permissions: ['ignite', wrong] } }, rules: [] })).toEqual([
      `profiles.press.permissions: no such flag "${wrong}"; did you mean "${right}"?`,
    ]);
  });

  it('of a profile', () => {
    expect(faultsOf({ profiles, rules: [{ when: { department: 'Press' }, profile: 'pres' }] })).toEqual([
      'rule 1, profile: no such profile "pres"; did you mean "press"?',
    ]);
  });

  it('of an attribute', () => {
    expect(faultsOfRule({ departement: 'Press' })).toEqual([
      'rule 1, when.departement: no such attribute "departement"; did you mean "department"?',
    ]);
  });

  it('of a member', () => {
    expect(faultsOf({ profiles, rules: [], rule: [] })).toEqual(['rule: no such member "rule"; did you mean "rules"?']);
  });

  it('or with those that exist where none is near', () => {
    expect(faultsOfRule({ costCentre: '4711' })).toEqual([
      expect.stringMatching(/"costCentre".*department.*attributes\.<name>/),
    ]);
    expect(faultsOf({ profiles, rules: [{ when: { department: 'X' }, profile: 'toString' }] })).toEqual([
      expect.stringMatching(/rule 1, profile:.*"toString".*press/),
    ]);
  });
});

describe('a condition is refused where it', () => {
  it.each<[string, unknown, RegExp]>([
    ['is none, with how to say everybody', {}, /^rule 1, when: .*department: "\*"/],
    [
      'is a number, which YAML makes of digits',
      { 'attributes.costCentre': 4711 },
      /^rule 1, when\.attributes\.costCentre: .*4711.*quotes/,
    ],
    ['is an empty text', { department: '' }, /^rule 1, when\.department: .*empty/],
    [
      'has a space at its end, so that its not would match everybody',
      { department: { not: 'Press ' } },
      /^rule 1, when\.department\.not: .*space/,
    ],
    ['is an empty list', { department: [] }, /^rule 1, when\.department: .*at least one/],
    ['names nobody that is not', { department: { not: [] } }, /^rule 1, when\.department\.not: .*at least one/],
    ['is more than a not', { department: { not: 'a', is: 'b' } }, /^rule 1, when\.department\.is: no such member "is"/],
    [
      'is a not of a not',
      { department: { not: { not: 'a' } } },
      /^rule 1, when\.department\.not: must be a text or a list/,
    ],
    ['nests the attributes', { attributes: { level: 'lead' } }, /^rule 1, when\.attributes: .*"attributes\.<name>"/],
    [
      'names an attribute that no event can carry',
      { 'attributes.4th': 'x' },
      /^rule 1, when\.attributes\.4th: no such attribute/,
    ],
  ])('%s', (_, when, message) => {
    expect(faultsOfRule(when)).toEqual([expect.stringMatching(message)]);
  });
});

describe('a policy', () => {
  it('with a star among other flags is told where the star goes', () => {
    expect(faultsOf({ profiles: { press: { role: 'A', permissions: ['*'] } }, rules: [] })).toEqual([
      'profiles.press.permissions: "*" stands alone: permissions: "*"',
    ]);
  });

  it('with one flag that is no list is told so', () => {
    expect(faultsOf({ profiles: { press: { role: 'A', permissions: 'ga4' } }, rules: [] })).toEqual([
      'profiles.press.permissions: must be a list of flag names, or "*" for all 24',
    ]);
  });

  it('cannot hide anything behind __proto__', () => {
    const hidden = JSON.parse(
      '{"profiles":{"__proto__":{"role":"A","permissions":"*"}},"rules":[{"when":{"__proto__":"x"},"profile":"p"}]}',
    );
    expect(faultsOf(hidden)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('profiles.__proto__: '),
        expect.stringContaining('rule 1, when.__proto__: '),
      ]),
    );
  });

  it('is told everything that is wrong at once, in one line', () => {
    const value = {
      profiles: { press: { role: '', permissions: ['exports'] } },
      rules: [
        { when: { department: 'Press' }, profile: 'press' },
        { when: { departement: 'Press' }, profile: 'print' },
      ],
    };
    const places = ['profiles.press.role', 'profiles.press.permissions', 'rule 2, when.departement', 'rule 2, profile'];
    expect(faultsOf(value).map((fault) => fault.slice(0, fault.indexOf(': ')))).toEqual(places);
    expect(() => readAccessPolicy(value, '')).toThrow(
      /^The access policy is not valid: .*"exports".*"departement".*"print".*$/,
    );
  });

  it.each([
    [null],
    [undefined],
    [[]],
    ['text'],
    [{}],
    [{ profiles: [], rules: {} }],
    [{ profiles: null, rules: [null] }],
  ])('that is %j is refused without a crash', (value) => expect(faultsOf(value)).not.toEqual([]));
});
