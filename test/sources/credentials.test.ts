import { timingSafeEqual } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { basic, hasHeader } from '../../shared/sources/credentials.ts';

vi.mock('node:crypto', { spy: true });
beforeEach(() => void vi.mocked(timingSafeEqual).mockClear());

const SECRETS = ['Bearer first-of-two-secrets', 'second-of-two-secrets'];
const sent = (value: string | undefined) => ({
  headers: { 'x-desk-key': value },
  body: new Uint8Array(),
  receivedAt: '2026-05-05T05:05:05.000Z',
});
const isKnown = (value: string | undefined, secrets = SECRETS) => hasHeader(sent(value), 'x-desk-key', secrets);

describe('a header is accepted', () => {
  it.each(SECRETS)('whose whole value is one of the secrets: %s', (secret) => {
    expect(isKnown(secret)).toBe(true);
  });

  it('beyond ASCII, if it is written the same', () => {
    expect(isKnown('nøkkel-til-døra', ['nøkkel-til-døra'])).toBe(true);
  });
});

const REFUSED: [rule: string, value: string | undefined][] = [
  ['that is missing', undefined],
  ['that is empty', ''],
  ['that was sent twice, joined by a comma', `${SECRETS[1]},${SECRETS[1]}`],
  ['that was sent twice, joined by a comma and a space', `${SECRETS[1]}, ${SECRETS[1]}`],
  ['in another case', 'SECOND-OF-TWO-SECRETS'],
  ['with space around it', ` ${SECRETS[1]}`],
  ['that is a part of a secret', 'second-of-two-secret'],
  ['that goes on after a secret', `${SECRETS[1]}s`],
  ['without the scheme that belongs to the value', 'first-of-two-secrets'],
  ['of the right length', 'second-of-two-secretz'],
];

describe('a header is refused', () => {
  for (const [rule, value] of REFUSED) {
    it(rule, () => {
      expect(isKnown(value)).toBe(false);
    });
  }

  it('where there is no secret, or an empty one', () => {
    for (const value of [undefined, '', 'x']) {
      expect(isKnown(value, [])).toBe(false);
      expect(isKnown(value, [''])).toBe(false);
    }
  });

  it('of another name', () => {
    expect(hasHeader(sent(SECRETS[1]), 'x-other-key', SECRETS)).toBe(false);
  });
});

describe('nothing can be learned from the time it takes:', () => {
  it.each([undefined, '', 'x', ...SECRETS, 'x'.repeat(10_000)])(
    '%j is compared with every secret, by digests',
    (value) => {
      isKnown(value);
      const lengths = vi.mocked(timingSafeEqual).mock.calls.flatMap(([a, b]) => [a.byteLength, b.byteLength]);
      // SHA-256: 32 bytes, whatever the length of what was sent and of the secret.
      expect(lengths).toEqual([32, 32, 32, 32]);
    },
  );
});

it('Basic credentials are the base64 of user, colon and password (RFC 7617 §2, its example)', () => {
  expect(basic('Aladdin', 'open sesame')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
});

it('Basic credentials beyond ASCII are in UTF-8 (RFC 7617 §2.1, its example)', () => {
  expect(basic('test', '123£')).toBe('Basic dGVzdDoxMjPCow==');
});
