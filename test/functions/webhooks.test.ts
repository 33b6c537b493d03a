import { beforeEach, describe, expect, it } from 'vitest';
import type { RequestLine } from '../middleware/request.ts';
import { signedHeaders } from '../sources/signed.ts';
import { NOW, problemOf, SOUND, useHandler } from './stack.ts';

const { send, queued, recorded } = useHandler(() => import('../../functions/webhooks.ts'));

beforeEach(async () => void (await queued()));

const BODY = '{"type":"offboard","person":{"email":"loke@hamn.example"}}';
const TYPE = { 'content-type': 'application/json' };

const deliver = (id: string, more: Partial<RequestLine> = {}, body = BODY) =>
  send({
    route: 'POST /webhooks/{source}',
    path: '/webhooks/standard-webhooks',
    params: { source: 'standard-webhooks' },
    body,
    ...more,
    headers: { ...TYPE, ...signedHeaders({ body, at: NOW, id }), ...more.headers },
  });

describe('a signed delivery', () => {
  it('is answered 202 with its job, which is on the queue', async () => {
    const { status, body } = await deliver('dlv-good');
    expect(status).toBe(202);
    expect(body).toEqual({
      jobs: [
        { jobId: expect.any(String), type: 'offboard', email: 'loke@hamn.example', status: 'queued', duplicate: false },
      ],
    });
    expect(await queued()).toEqual([{ jobId: (body as { jobs: { jobId: string }[] }).jobs[0]?.jobId }]);
  });

  it('that comes again is the same job', async () => {
    const first = await deliver('dlv-again');
    const again = await deliver('dlv-again');
    expect(first).toMatchObject({ body: { jobs: [{ duplicate: false }] } });
    expect(again).toMatchObject({
      status: 202,
      body: { jobs: [{ ...(first.body as { jobs: object[] }).jobs[0], duplicate: true }] },
    });
  });

  it('may be encoded by the gateway: its bytes are what was signed', async () => {
    const encoded = { body: Buffer.from(BODY).toString('base64'), isBase64Encoded: true };
    expect((await deliver('dlv-encoded', encoded)).status).toBe(202);
  });

  it('may hold several events', async () => {
    const answer = await deliver('dlv-several', {}, `[${BODY},${BODY}]`);
    expect(answer).toMatchObject({ status: 202, body: { jobs: [{ duplicate: false }, { duplicate: false }] } });
  });
});

const REFUSED: [rule: string, status: number, headers: Record<string, string | undefined>][] = [
  ['no signature', 401, { 'webhook-signature': undefined }],
  ['a signature sent twice', 401, { 'webhook-signature': 'v1,AAAA,v1,AAAA' }],
  ['another id', 401, { 'webhook-id': 'dlv-forged' }],
  ['a svix header beside', 401, { 'svix-id': 'dlv-refused' }],
  ['a timestamp of 2001', 401, signedHeaders({ body: BODY, at: '2001-01-01T00:00:00.000Z', id: 'dlv-refused' })],
  ['a type that is not JSON', 415, { 'content-type': 'text/xml' }],
];

describe('nothing is stored of a delivery with', () => {
  for (const [rule, status, headers] of REFUSED) {
    it(`${rule}: ${status}`, async () => {
      const answer = await deliver('dlv-refused', { headers });
      expect(answer.status).toBe(status);
      expect(problemOf(answer)).toEqual(SOUND);
      expect(await queued()).toEqual([]);
    });
  }

  it('another body than the one signed: 401', async () => {
    const answer = await deliver('dlv-refused', { body: BODY.replace('loke', 'tor') });
    expect(answer).toMatchObject({ status: 401, body: { type: 'urn:conscent-lifecycle:problem:invalid-signature' } });
  });

  it('a body above 256 KB: 413', async () => {
    expect((await deliver('dlv-large', {}, ' '.repeat(256 * 1024 + 1))).status).toBe(413);
  });
});

const UNREADABLE = [
  '',
  'null',
  '{}',
  '[]',
  '{"type":"onboard","person":{"email":"\u212Ari@hamn.example"}}',
  '{"type":"change","person":{},"secret":1}',
];

describe('a signed body that cannot be read', () => {
  for (const [index, body] of UNREADABLE.entries()) {
    it(`is recorded and then answered 400: ${JSON.stringify(body)}`, async () => {
      const answer = await deliver(`dlv-unreadable-${index}`, {}, body);
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: expect.arrayContaining([{ pointer: expect.any(String), detail: expect.any(String) }]) },
      });
      expect(problemOf(answer)).toEqual(SOUND);
      const attention = { status: 'needs-attention', error: { code: 'unreadable' } };
      expect(await recorded(`dlv-unreadable-${index}`)).toMatchObject([attention]);
      expect(await queued()).toEqual([]);
    });
  }

  it('is recorded and answered 400 however much of it is wrong', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`${index}`, 0]));
    const body = JSON.stringify({ type: 'change', person: { email: 'loke@hamn.example', attributes } });
    expect((await deliver('dlv-all-wrong', {}, body)).status).toBe(400);
    expect(await recorded('dlv-all-wrong')).toHaveLength(1);
  });
});

describe('a source that does not exist is a 404:', () => {
  for (const source of ['bamboohr', 'fax-machine', '__proto__', 'constructor', 'Standard-Webhooks', '']) {
    it(JSON.stringify(source), async () => {
      const answer = await deliver('dlv-nowhere', { params: { source }, path: `/webhooks/${source}` });
      expect(answer).toMatchObject({ status: 404, body: { type: 'urn:conscent-lifecycle:problem:not-found' } });
      expect(problemOf(answer)).toEqual(SOUND);
    });
  }

  it('a generic one that nobody configured', async () => {
    const answer = await deliver('dlv-nowhere', { route: 'POST /webhooks/generic/{name}', params: { name: 'kiosk' } });
    expect(answer.status).toBe(404);
  });

  it('the handshake of one', async () => {
    expect((await send({ route: 'GET /webhooks/{source}', params: { source: 'okta' } })).status).toBe(404);
  });
});

describe('a handshake', () => {
  it('of a source that has none is a 405', async () => {
    const answer = await send({ route: 'GET /webhooks/{source}', params: { source: 'standard-webhooks' } });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect(problemOf(answer)).toEqual(SOUND);
  });
});
