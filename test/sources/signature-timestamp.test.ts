import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type HmacScheme, verifyHmac } from '../../shared/sources/signature.ts';
import type { Delivery } from '../../shared/sources/source.ts';

const KEY = Buffer.from('Jefe');
const DATA = 'what do ya want for nothing?';
const RECEIVED_AT = '2026-05-05T05:05:05.000Z';
const RECEIVED_SECONDS = 1_777_957_505;

const TIMED: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  signatureHeader: 'x-tested-signature',
  prefix: '',
  parts: [{ text: 'v0:' }, { header: 'x-tested-time' }, { text: ':' }, 'body'],
  timestamp: { header: 'x-tested-time', unit: 's', toleranceSeconds: 300 },
};

function timed(time: string | undefined): Delivery {
  const signature = createHmac('sha256', KEY).update(`v0:${time}:${DATA}`).digest('hex');
  const headers = { 'x-tested-signature': signature, 'x-tested-time': time };
  return { headers, body: Buffer.from(DATA), receivedAt: RECEIVED_AT };
}

describe('a signed timestamp', () => {
  for (const seconds of [0, -300, 300]) {
    it(`${seconds} s from our clock is in time`, () => {
      expect(verifyHmac(timed(String(RECEIVED_SECONDS + seconds)), TIMED, [KEY])).toBe(true);
    });
  }

  for (const seconds of [-301, 301, -86_400 * 365]) {
    it(`${seconds} s from our clock is not`, () => {
      expect(verifyHmac(timed(String(RECEIVED_SECONDS + seconds)), TIMED, [KEY])).toBe(false);
    });
  }

  const now = String(RECEIVED_SECONDS);
  for (const text of [
    '',
    ` ${now}`,
    `+${now}`,
    `${now}.0`,
    `${now}e0`,
    `0x${RECEIVED_SECONDS.toString(16)}`,
    `${now},${now}`,
    `${now}\n`,
  ]) {
    it(`that reads ${JSON.stringify(text)} is no number of seconds`, () => {
      expect(verifyHmac(timed(text), TIMED, [KEY])).toBe(false);
    });
  }

  it('in milliseconds is far in the future', () => {
    expect(verifyHmac(timed(`${RECEIVED_SECONDS}000`), TIMED, [KEY])).toBe(false);
  });

  it('in another script’s digits is no number of seconds', () => {
    const arabic = now.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)));
    expect(verifyHmac(timed(arabic), TIMED, [KEY])).toBe(false);
  });

  it('that is missing refuses the delivery', () => {
    expect(verifyHmac(timed(undefined), TIMED, [KEY])).toBe(false);
  });

  it('is judged by when the delivery came, so a late reader judges the same', () => {
    expect(verifyHmac({ ...timed(now), receivedAt: '2026-05-05T05:10:05.999Z' }, TIMED, [KEY])).toBe(true);
    expect(verifyHmac({ ...timed(now), receivedAt: '2026-05-05T05:10:06.000Z' }, TIMED, [KEY])).toBe(false);
  });
});

const MS: HmacScheme = { ...TIMED, timestamp: { header: 'x-tested-time', unit: 'ms', toleranceSeconds: 300 } };

describe('a signed timestamp in milliseconds', () => {
  for (const [ms, isInTime] of [
    [0, true],
    [300_999, true],
    [-300_000, true],
    [301_000, false],
    [-300_001, false],
  ] as const) {
    it(`${ms} ms from our clock is ${isInTime ? 'in time' : 'not'}: whole seconds count`, () => {
      expect(verifyHmac(timed(String(RECEIVED_SECONDS * 1000 + ms)), MS, [KEY])).toBe(isInTime);
    });
  }

  it('that is in seconds is of 1970', () => {
    expect(verifyHmac(timed(String(RECEIVED_SECONDS)), MS, [KEY])).toBe(false);
  });

  it.each(['', '1777957505000.0', '-1777957505000', '1777957505e3', '1777957505000000'])(
    'that reads %j is no number of milliseconds',
    (text) => {
      expect(verifyHmac(timed(text), MS, [KEY])).toBe(false);
    },
  );
});
