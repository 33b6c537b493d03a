/** `access-policy.schema.json`, which editors complete and check with. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromJSONSchema } from 'zod';
import { policyJsonSchema } from '../../../infra/cli/policy-schema.ts';
import { policyFaults } from '../../../shared/lifecycle/access-policy-faults.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('the schema for editors', () => {
  const committed = readFileSync(join(ROOT, 'access-policy.schema.json'), 'utf8');

  it('is what `npm run policy -- schema` would write', () => {
    expect(committed).toBe(policyJsonSchema());
  });

  it('is named in the first line of the shipped policy', () => {
    const [first] = readFileSync(join(ROOT, 'access-policy.yml'), 'utf8').split('\n');
    expect(first).toBe('# yaml-language-server: $schema=./access-policy.schema.json');
  });

  it('takes and refuses what the build takes and refuses, but for profiles that are missing', () => {
    const schema = fromJSONSchema(JSON.parse(committed));
    const text = fc.constantFrom('Press', 'Pr*', '*', '', ' a', 'a ');
    const texts = fc.oneof(text, fc.array(text, { maxLength: 2 }));
    const condition = fc.oneof(
      texts,
      fc.record({ not: texts }),
      fc.constant({}),
      fc.constant(4711),
      fc.constant({ not: 'a', is: 'b' }),
    );
    const attribute = fc.constantFrom('department', 'jobTitle', 'attributes.level', 'attributes.', 'level');
    const rule = fc.record({ when: fc.dictionary(attribute, condition, { maxKeys: 2 }), profile: fc.constant('desk') });
    const permissions = fc.oneof(
      fc.constant('*'),
      fc.array(fc.constantFrom('ga4', 'GA4', '*'), { maxLength: 2 }),
      fc.constant('ga4'),
    );
    const profiles = fc.record({ desk: fc.record({ role: text, permissions }, { requiredKeys: ['role'] }) });
    fc.assert(
      fc.property(profiles, fc.array(rule, { maxLength: 2 }), (given, rules) => {
        const policy = { profiles: given, rules };
        expect(schema.safeParse(policy).success).toBe(policyFaults(policy).length === 0);
      }),
      { numRuns: 1_000 },
    );
  });
});
