import { describe, expect, it } from 'vitest';
import { findSource } from '../../shared/sources/registry.ts';
import { SECRET, SETTING } from './signed.ts';

const CONTEXT = { ...SETTING, allowedDomains: [] };
const CONFIGURED = { 'standard-webhooks': { signingSecrets: [SECRET] } };

describe('a source', () => {
  it('that is known and configured is found', () => {
    expect(findSource('standard-webhooks', CONFIGURED, CONTEXT)?.name).toBe('standard-webhooks');
  });

  it('that is known and not configured does not exist', () => {
    expect(findSource('standard-webhooks', {}, CONTEXT)).toBeNull();
    expect(findSource('standard-webhooks', { 'standard-webhooks': undefined }, CONTEXT)).toBeNull();
  });

  it('that is configured and not known does not exist', () => {
    expect(findSource('fax-machine', { 'fax-machine': { signingSecrets: [SECRET] } }, CONTEXT)).toBeNull();
  });

  it('that is configured wrongly is our fault, and the error names the member', () => {
    expect(() => findSource('standard-webhooks', { 'standard-webhooks': null }, CONTEXT)).toThrow(/standard-webhooks/);
    expect(() => findSource('standard-webhooks', { 'standard-webhooks': {} }, CONTEXT)).toThrow(/signingSecrets/);
  });

  for (const name of [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'Standard-Webhooks',
    'standard-webhooks ',
    '',
  ]) {
    it(`named ${JSON.stringify(name)} does not exist, even where the secret has such a member`, () => {
      const secret: unknown = JSON.parse(`{${JSON.stringify(name)}: {"signingSecrets": ["${SECRET}"]}}`);
      expect(findSource(name, CONFIGURED, CONTEXT)).toBeNull();
      expect(findSource(name, secret, CONTEXT)).toBeNull();
    });
  }

  it('is not found through what the secret inherits', () => {
    expect(findSource('standard-webhooks', Object.create(CONFIGURED), CONTEXT)).toBeNull();
  });
});
