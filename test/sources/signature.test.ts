import { describe, expect, it } from 'vitest';
import { type HmacScheme, verifyHmac } from '../../shared/sources/signature.ts';
import type { Delivery } from '../../shared/sources/source.ts';

// Known answers: RFC 4231 §4.3 (SHA-256, SHA-512) and RFC 2202 §3 (SHA-1), each its test case 2.
const KEY = Buffer.from('Jefe');
const DATA = 'what do ya want for nothing?';
const ANSWERS = {
  sha256: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  sha512:
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  sha1: 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
};
const HEX: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  signatureHeader: 'x-tested-signature',
  prefix: '',
  parts: ['body'],
};
const RECEIVED_AT = '2026-05-05T05:05:05.000Z';

function delivery(signature: string | undefined, more: Partial<Delivery> = {}): Delivery {
  return {
    headers: { 'x-tested-signature': signature },
    body: Buffer.from(DATA),
    receivedAt: RECEIVED_AT,
    ...more,
  };
}

describe('a published known answer is accepted', () => {
  for (const [algorithm, hex] of Object.entries(ANSWERS) as [keyof typeof ANSWERS, string][]) {
    it(`of ${algorithm} in hex`, () => {
      expect(verifyHmac(delivery(hex), { ...HEX, algorithm }, [KEY])).toBe(true);
    });

    it(`of ${algorithm} in base64`, () => {
      const text = Buffer.from(hex, 'hex').toString('base64');
      expect(verifyHmac(delivery(text), { ...HEX, algorithm, encoding: 'base64' }, [KEY])).toBe(true);
    });
  }

  it('behind the prefix of its scheme', () => {
    expect(verifyHmac(delivery(`sha256=${ANSWERS.sha256}`), { ...HEX, prefix: 'sha256=' }, [KEY])).toBe(true);
  });

  it('by any of several keys', () => {
    expect(verifyHmac(delivery(ANSWERS.sha256), HEX, [Buffer.from('another key'), KEY])).toBe(true);
  });
});

const BASE64: HmacScheme = { ...HEX, encoding: 'base64' };
const TEXT = Buffer.from(ANSWERS.sha256, 'hex').toString('base64');
const URL_SAFE = Buffer.from(ANSWERS.sha512, 'hex').toString('base64url').padEnd(88, '=');
const REFUSED: [rule: string, signature: string | undefined, scheme: HmacScheme][] = [
  ['a missing header', undefined, HEX],
  ['an empty header', '', HEX],
  ['a header sent twice and joined by a comma', `${ANSWERS.sha256},${ANSWERS.sha256}`, HEX],
  ['a header sent twice and joined by a comma and a space', `${ANSWERS.sha256}, ${ANSWERS.sha256}`, HEX],
  ['two signatures where the scheme has no list', `${ANSWERS.sha256} ${ANSWERS.sha256}`, HEX],
  ['space around it', ` ${ANSWERS.sha256}`, HEX],
  ['one byte less', ANSWERS.sha256.slice(0, -2), HEX],
  ['one byte more', `${ANSWERS.sha256}00`, HEX],
  ['half a byte less', ANSWERS.sha256.slice(0, -1), HEX],
  ['hex in capitals, which is another spelling', ANSWERS.sha256.toUpperCase(), HEX],
  ['base64 where hex is due', TEXT, HEX],
  ['hex where base64 is due', ANSWERS.sha256, BASE64],
  ['base64 without its padding', TEXT.replace(/=+$/, ''), BASE64],
  ['base64 with padding to spare', `${TEXT}=`, BASE64],
  ['base64 whose unused bits are set', TEXT.replace(/M=$/, 'N='), BASE64],
  ['the url-safe spelling of base64', URL_SAFE, { ...BASE64, algorithm: 'sha512' }],
  ['a missing prefix', ANSWERS.sha256, { ...HEX, prefix: 'sha256=' }],
  ['the prefix in capitals', `SHA256=${ANSWERS.sha256}`, { ...HEX, prefix: 'sha256=' }],
  ['a prefix where none is due', `sha256=${ANSWERS.sha256}`, HEX],
  ['the answer of another algorithm', ANSWERS.sha1, HEX],
];

describe('a signature is refused with', () => {
  for (const [rule, signature, scheme] of REFUSED) {
    it(rule, () => {
      expect(verifyHmac(delivery(signature), scheme, [KEY])).toBe(false);
    });
  }

  it('no key at all', () => {
    expect(verifyHmac(delivery(ANSWERS.sha256), HEX, [])).toBe(false);
  });

  it('another body by a single bit', () => {
    const body = Buffer.from(DATA);
    body.writeUInt8((body[0] ?? 0) ^ 1, 0);
    expect(verifyHmac(delivery(ANSWERS.sha256, { body }), HEX, [KEY])).toBe(false);
  });
});

describe('the url-safe and the unused-bits rows are not empty tests', () => {
  it('because the known answer has characters that they change', () => {
    expect(URL_SAFE).toMatch(/[-_]/);
    expect(TEXT).toMatch(/M=$/);
  });
});

describe('a vendor who does not say how the signature is encoded', () => {
  const either: HmacScheme = { ...HEX, encoding: 'either' };

  it('may send hex or base64', () => {
    expect(verifyHmac(delivery(ANSWERS.sha256), either, [KEY])).toBe(true);
    expect(verifyHmac(delivery(TEXT), either, [KEY])).toBe(true);
  });

  it.each([
    ['hex in capitals', ANSWERS.sha256.toUpperCase()],
    ['base64 without its padding', TEXT.replace(/=+$/, '')],
    ['base64 of the hex', Buffer.from(ANSWERS.sha256).toString('base64')],
    ['both', `${ANSWERS.sha256},${TEXT}`],
    ['nothing', ''],
  ])('may not send %s', (_, text) => {
    expect(verifyHmac(delivery(text), either, [KEY])).toBe(false);
  });
});

describe('a header of which several spellings are known', () => {
  const scheme: HmacScheme = { ...HEX, signatureHeader: ['x-tested-signature', 'x_tested_signature'] };
  const spelled = (headers: Delivery['headers']) => verifyHmac(delivery(undefined, { headers }), scheme, [KEY]);

  it('may be either of them', () => {
    expect(spelled({ 'x-tested-signature': ANSWERS.sha256 })).toBe(true);
    expect(spelled({ x_tested_signature: ANSWERS.sha256 })).toBe(true);
  });

  it('may not be both, however right, nor one beside an empty one, nor none', () => {
    expect(spelled({ 'x-tested-signature': ANSWERS.sha256, x_tested_signature: ANSWERS.sha256 })).toBe(false);
    expect(spelled({ 'x-tested-signature': ANSWERS.sha256, x_tested_signature: '' })).toBe(false);
    expect(spelled({})).toBe(false);
  });
});
