import { describe, expect, it } from 'vitest';
import type { SourceContext } from '../../shared/sources/source.ts';
import { standardWebhooks } from '../../shared/sources/standard-webhooks.ts';
import published from '../fixtures/vectors/standard-webhooks.json' with { type: 'json' };
import { SECRET, SETTING, signedDelivery, signedHeaders } from './signed.ts';

const CONTEXT: SourceContext = { ...SETTING, allowedDomains: [] };
const AT = '2026-08-09T10:11:12.345Z';
const BODY = '{"type":"change","person":{"email":"tove@hamn.example","department":"Växel"}}';

const source = (signingSecrets: unknown = [SECRET]) => standardWebhooks({ signingSecrets }, CONTEXT);

describe('of the vectors', () => {
  for (const { name, secrets, headers, body, nowSeconds, isValid } of published.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const receivedAt = new Date(nowSeconds * 1000).toISOString();
      const known: Record<string, string | undefined> = { ...headers };
      expect(source(secrets).verify({ headers: known, body: Buffer.from(body), receivedAt })).toBe(isValid);
    });
  }
});

const good = signedHeaders({ body: BODY, at: AT });
const signature = good['webhook-signature'];
const HEADERS: [rule: string, headers: Record<string, string | undefined>][] = [
  ['no header at all', {}],
  ['no id', { ...good, 'webhook-id': undefined }],
  ['an empty id', { ...good, 'webhook-id': '' }],
  ['no timestamp', { ...good, 'webhook-timestamp': undefined }],
  ['no signature', { ...good, 'webhook-signature': undefined }],
  ['an id sent twice', { ...good, 'webhook-id': `${good['webhook-id']},${good['webhook-id']}` }],
  [
    'a timestamp sent twice',
    { ...good, 'webhook-timestamp': `${good['webhook-timestamp']},${good['webhook-timestamp']}` },
  ],
  ['a signature sent twice', { ...good, 'webhook-signature': `${signature},${signature}` }],
  ['a signature sent twice, with a space', { ...good, 'webhook-signature': `${signature}, ${signature}` }],
  ['two spaces in the list', { ...good, 'webhook-signature': `${signature}  ${signature}` }],
  ['a tab in the list', { ...good, 'webhook-signature': `${signature}\t${signature}` }],
  ['no version', { ...good, 'webhook-signature': signature.slice('v1,'.length) }],
  ['the version joined by "="', { ...good, 'webhook-signature': signature.replace('v1,', 'v1=') }],
  ['a signature one character short', { ...good, 'webhook-signature': `${signature.slice(0, -2)}=` }],
  ['a svix header beside them', { ...good, 'svix-id': good['webhook-id'] }],
  ['an empty svix header beside them', { ...good, 'svix-signature': '' }],
  [
    'the families mixed',
    { 'svix-id': good['webhook-id'], 'svix-timestamp': good['webhook-timestamp'], 'webhook-signature': signature },
  ],
];

describe('a delivery is refused with', () => {
  for (const [rule, headers] of HEADERS) {
    it(rule, () => {
      expect(source().verify({ headers, body: Buffer.from(BODY), receivedAt: AT })).toBe(false);
    });
  }
});

const SETTINGS: [rule: string, settings: unknown, named: RegExp][] = [
  ['no settings', null, /standard-webhooks/],
  ['no secrets', {}, /standard-webhooks\.signingSecrets/],
  ['an empty list of secrets', { signingSecrets: [] }, /standard-webhooks\.signingSecrets/],
  ['one text instead of a list', { signingSecrets: SECRET }, /standard-webhooks\.signingSecrets/],
  ['an empty secret', { signingSecrets: [''] }, /standard-webhooks\.signingSecrets/],
  ['an empty secret beside a good one', { signingSecrets: [SECRET, ''] }, /standard-webhooks\.signingSecrets/],
  ['the prefix alone', { signingSecrets: ['whsec_'] }, /standard-webhooks\.signingSecrets/],
  ['a secret of 15 bytes', { signingSecrets: [secretOf(15)] }, /standard-webhooks\.signingSecrets/],
  [
    'a secret that is no base64',
    { signingSecrets: ['whsec_not base64 at all, is it?!'] },
    /standard-webhooks\.signingSecrets/,
  ],
  [
    'a public key of the asymmetric version',
    { signingSecrets: [`whpk_${'A'.repeat(43)}=`] },
    /standard-webhooks\.signingSecrets/,
  ],
  ['a setting that is not known', { signingSecrets: [SECRET], tolerance: 9e9 }, /standard-webhooks\.tolerance/],
  [
    'an authority that is not known',
    { signingSecrets: [SECRET], authority: ['everything'] },
    /standard-webhooks\.authority\.0/,
  ],
];

function secretOf(bytes: number): string {
  return `whsec_${Buffer.alloc(bytes, 0x5a).toString('base64')}`;
}

describe('a source is not made with', () => {
  for (const [rule, settings, named] of SETTINGS) {
    it(`${rule}, and the error names the member`, () => {
      expect(() => standardWebhooks(settings, CONTEXT)).toThrow(named);
    });
  }

  it('a secret it cannot use, and the error does not tell the secret', () => {
    expect(() => source(['whsec_canary-4b1d?'])).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('canary') }),
    );
  });
});

describe('a source', () => {
  it('speaks of employment and attributes unless it is told otherwise', () => {
    expect(source().authority).toEqual(['employment', 'attributes']);
    expect(standardWebhooks({ signingSecrets: [SECRET], authority: ['grants'] }, CONTEXT).authority).toEqual([
      'grants',
    ]);
  });

  it('takes a secret of 16 bytes, the least there is', () => {
    const secret = secretOf(16);
    expect(source([secret]).verify(signedDelivery({ body: BODY, at: AT, secret }))).toBe(true);
  });

  it('accepts whichever of its secrets signed, so that rotation needs no downtime', () => {
    const old = secretOf(24);
    for (const secret of [SECRET, old])
      expect(source([SECRET, old]).verify(signedDelivery({ body: BODY, at: AT, secret }))).toBe(true);
  });
});

describe('a verified body', () => {
  it('is read into canonical events under the id of its delivery', () => {
    const reading = source().read(signedDelivery({ body: BODY, at: AT, id: 'dlv_read' }));
    const person = { email: 'tove@hamn.example', department: 'Växel' };
    expect(reading).toEqual({
      kind: 'notices',
      deliveryId: 'dlv_read',
      notices: [{ kind: 'event', event: { type: 'change', person } }],
    });
  });

  it('may hold several', () => {
    const reading = source().read(signedDelivery({ body: `[${BODY},${BODY}]`, at: AT }));
    const change = { kind: 'event', event: { type: 'change' } };
    expect(reading).toMatchObject({ kind: 'notices', notices: [change, change] });
  });

  it('under a svix id is known by it', () => {
    const headers = { 'svix-id': 'svix_77' };
    expect(source().read({ headers, body: Buffer.from(BODY), receivedAt: AT })).toMatchObject({
      deliveryId: 'svix_77',
    });
  });

  it('that cannot be read says where, and is answered 400 because the sender is of our own making', () => {
    const reading = source().read(signedDelivery({ body: '{"type":"fire","person":{}}', at: AT, id: 'dlv_bad' }));
    expect(reading).toMatchObject({ kind: 'unreadable', deliveryId: 'dlv_bad' });
    expect(reading).toHaveProperty(
      'violations',
      expect.arrayContaining([expect.objectContaining({ pointer: '/type' })]),
    );
    expect(source().unreadableStatus).toBe(400);
  });

  it('of an address outside the allowed domains cannot be read', () => {
    const inside = standardWebhooks({ signingSecrets: [SECRET] }, { ...SETTING, allowedDomains: ['kontor.example'] });
    const reading = inside.read(signedDelivery({ body: BODY, at: AT }));
    expect(reading).toMatchObject({ kind: 'unreadable', violations: [{ pointer: '/person/email' }] });
  });
});
