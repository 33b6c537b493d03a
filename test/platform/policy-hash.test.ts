import { expect, test } from 'vitest';
import { policyHash } from '../../shared/platform/policy-hash.ts';

test('a policy hash is the first 16 hex digits of the SHA-256 of its JSON', () => {
  // printf '{"profiles":{},"rules":[]}' | openssl dgst -sha256
  expect(policyHash({ profiles: {}, rules: [] })).toBe('f23d7040092f2784');
});
