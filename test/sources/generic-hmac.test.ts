import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../shared/sources/source.ts';
import { ROWS, type Row, STANDARD } from './generic-schemes.ts';
import { AT, arriving, hmacHex, KEY, portal, READS, SECONDS } from './generic-stage.ts';

const BODY = '{"id": "d-1",  "kind":"change", "mail":"tove@hamn.example", "at": 1777957505000}';
const verified = (row: Row, headers: Delivery['headers'], body = BODY) => {
  const hmac = { ...row.hmac, signingSecrets: [row.secret ?? KEY] };
  return portal({ ...READS, hmac }).verify(arriving(body, headers));
};

describe.each(ROWS)('a delivery signed as $scheme', (row) => {
  const { signs, signature, secret = KEY } = row;
  const good = signs(secret, BODY, SECONDS);
  const value = good[signature] ?? '';

  it('is accepted', () => expect(verified(row, good)).toBe(true));

  it('is accepted by any of several live secrets', () => {
    const other = secret === STANDARD ? `whsec_${Buffer.alloc(24, 7).toString('base64')}` : 'the next key';
    const hmac = { ...row.hmac, signingSecrets: [other, secret] };
    expect(portal({ ...READS, hmac }).verify(arriving(BODY, good))).toBe(true);
  });

  it.each<[string, Delivery['headers'], string?]>([
    ['by another key', signs('another key', BODY, SECONDS)],
    ['over another body', good, BODY.replace('tove', 'eve')],
    ['and then parsed and written again', good, JSON.stringify(JSON.parse(BODY))],
    ['without the signature', { ...good, [signature]: undefined }],
    ['with an empty one', { ...good, [signature]: '' }],
    ['with one sent twice', { ...good, [signature]: `${value},${value}` }],
    ['with one sent twice, joined with a space', { ...good, [signature]: `${value}, ${value}` }],
    ['in capitals', { ...good, [signature]: value.toUpperCase() }],
    ['with half of one', { ...good, [signature]: value.slice(0, -4) }],
    ['behind another prefix', { ...good, [signature]: `x${value}` }],
  ])('is refused %s', (_, headers, body) => expect(verified(row, headers, body)).toBe(false));
});

describe.each(ROWS.filter(({ isTimed }) => isTimed))('a delivery with a timestamp, signed as $scheme', (row) => {
  it.each([-301, 301])('is refused %i s from our clock, however right', (seconds) => {
    const headers = row.signs(row.secret ?? KEY, BODY, String(Number(SECONDS) + seconds));
    expect(verified(row, headers)).toBe(false);
  });
});

describe('a header of fields', () => {
  const row = ROWS.find(({ signature }) => signature === 'portal-signature') as Row;
  const sum = hmacHex(`${SECONDS}.${BODY}`);
  const accepts = (text: string) => verified(row, { 'portal-signature': text });

  it('may hold several signatures, of which any may match, and fields that we do not know', () => {
    expect(accepts(`t=${SECONDS},v1=${'0'.repeat(64)},v1=${sum},v0=abc`)).toBe(true);
  });

  it.each([
    ['no timestamp', `v1=${sum}`],
    ['two timestamps', `t=${SECONDS},t=${SECONDS},v1=${sum}`],
    ['a timestamp that was changed', `t=${Number(SECONDS) + 1},v1=${sum}`],
    ['the signature under another name', `t=${SECONDS},v0=${sum}`],
    ['something that is no field', `t=${SECONDS},v1=${sum},`],
    ['spaces', `t=${SECONDS}, v1=${sum}`],
    ['a timestamp with a fraction', `t=${SECONDS}.0,v1=${sum}`],
  ])('is refused with %s', (_, text) => expect(accepts(text)).toBe(false));
});

describe('a timestamp in the body', () => {
  const hmac = {
    preset: 'linear',
    signingSecrets: [KEY],
    bodyTimestamp: { pointer: '/webhookTimestamp', unit: 'ms', toleranceSeconds: 60 },
  };
  const accepts = (body: string) =>
    portal({ ...READS, hmac }).verify(arriving(body, { 'linear-signature': hmacHex(body) }));

  it('is in time within the tolerance, to the second', () => {
    expect(accepts(`{"webhookTimestamp":${Date.parse(AT) - 60_000}}`)).toBe(true);
    expect(accepts(`{"webhookTimestamp":${Date.parse(AT) - 61_000}}`)).toBe(false);
  });

  it.each(['{}', '', 'null', '{"webhookTimestamp":null}', '{"webhookTimestamp":{}}', '{"webhookTimestamp":1e300}'])(
    'is none in %j, and the delivery is refused',
    (body) => expect(accepts(body)).toBe(false),
  );
});

describe('a timestamp as RFC 3339 writes it', () => {
  const scheme = {
    algorithm: 'sha256',
    encoding: 'hex',
    header: 'portal-sum',
    parts: ['timestamp', 'body'],
    timestamp: { header: 'portal-at', unit: 'rfc3339' },
  };
  const source = portal({ ...READS, hmac: { scheme, signingSecrets: [KEY] } });
  const accepts = (at: string, sent = at) =>
    source.verify(arriving(BODY, { 'portal-at': sent, 'portal-sum': hmacHex(`${at}${BODY}`) }));

  it('is in time within five minutes to either side, with whatever offset', () => {
    expect(
      ['2026-05-05T05:05:05Z', '2026-05-05T05:10:05Z', '2026-05-05T10:35:05+05:30'].map((at) => accepts(at)),
    ).toEqual([true, true, true]);
    expect(
      ['2026-05-05T05:00:04Z', '2026-05-05T05:10:06Z', '2026-05-05T05:05:05+05:30'].map((at) => accepts(at)),
    ).toEqual([false, false, false]);
  });

  it.each([
    '1777957505',
    '2026-05-05',
    '2026-05-05T05:05:05',
    '2026-05-05 05:05:05Z',
    '2026-02-30T05:05:05Z',
    'Tue, 05 May 2026 05:05:05 GMT',
    '2026-05-05T05:05:05Z,2026-05-05T05:05:05Z',
    '',
  ])('is none that reads %j, however it is signed', (at) => expect(accepts(at)).toBe(false));

  it('that was changed is refused', () => expect(accepts('2026-05-05T05:05:05Z', '2026-05-05T05:05:06Z')).toBe(false));
});
