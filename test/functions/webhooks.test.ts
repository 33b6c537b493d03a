import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { OKTA_AUTHORIZATION, OKTA_SETTINGS, oktaBody, oktaEvent } from '../fixtures/ticketing/okta.ts';
import type { RequestLine } from '../middleware/request.ts';
import { SECRET, signedHeaders } from '../sources/signed.ts';
import { NOW, problemOf, SOUND, useHandler } from './stack.ts';

const KIOSK_KEY = 'kiosk signing key';
const KIOSK = {
  hmac: { preset: 'github', signingSecrets: [KIOSK_KEY] },
  deliveryId: { header: 'x-kiosk-delivery' },
  items: '/people',
  mapping: { type: { value: 'offboard' }, person: { email: '/mail' } },
};
const { send, queued, recorded } = useHandler(() => import('../../functions/webhooks.ts'), {
  sources: {
    'standard-webhooks': { signingSecrets: [SECRET] },
    // Nothing answers there: whatever is asked of it within a request would fail the request.
    okta: { ...OKTA_SETTINGS, baseUrl: 'http://127.0.0.1:9' },
    generic: { kiosk: KIOSK, careless: { ...KIOSK, hmac: undefined } },
  },
});

beforeEach(async () => {
  vi.setSystemTime(new Date(NOW));
  await queued();
});

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
    const answer = await deliver('dlv-nowhere', {
      route: 'POST /webhooks/generic/{name}',
      params: { name: 'unknown' },
    });
    expect(answer.status).toBe(404);
  });

  it('the handshake of one', async () => {
    const answer = await shake({}, 'bamboohr');
    expect(answer.status).toBe(404);
    expect(problemOf(answer)).toEqual(SOUND);
  });
});

const CHALLENGE = 'Zb-3_rotating.challenge~41';
const shake = (headers: Record<string, string | undefined> = {}, source = 'okta') =>
  send({
    route: 'GET /webhooks/{source}',
    method: 'GET',
    path: `/webhooks/${source}`,
    params: { source },
    headers: { authorization: OKTA_AUTHORIZATION, 'x-okta-verification-challenge': CHALLENGE, ...headers },
  });

describe('a handshake', () => {
  it('of a source that has none is a 405', async () => {
    const answer = await shake({}, 'standard-webhooks');
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect(problemOf(answer)).toEqual(SOUND);
  });

  it('is answered with its challenge, in JSON and nothing else, and nothing is recorded', async () => {
    const answer = await shake();
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(answer.text).toBe(`{"verification":"${CHALLENGE}"}`);
    expect(await queued()).toEqual([]);
  });

  it('may come again', async () => {
    expect(await shake()).toMatchObject({ status: 200, body: { verification: CHALLENGE } });
    expect(await shake({ 'x-okta-verification-challenge': 'another' })).toMatchObject({
      body: { verification: 'another' },
    });
  });

  it.each<[rule: string, authorization: string | undefined]>([
    ['none', undefined],
    ['an empty one', ''],
    ['another', 'another text'],
    ['the beginning of it', OKTA_AUTHORIZATION.slice(0, -1)],
    ['it twice', `${OKTA_AUTHORIZATION},${OKTA_AUTHORIZATION}`],
    ['it behind a scheme', `Bearer ${OKTA_AUTHORIZATION}`],
    ['a token of ours', 'Bearer operator-token'],
  ])('is a 401 for a credential that is %s, and the challenge is not told', async (_, authorization) => {
    const answer = await shake({ authorization });
    expect(answer).toMatchObject({ status: 401, body: { type: 'urn:conscent-lifecycle:problem:invalid-signature' } });
    expect(problemOf(answer)).toEqual(SOUND);
    expect(answer.text).not.toContain(CHALLENGE);
  });

  it.each<[rule: string, challenge: string | undefined]>([
    ['missing', undefined],
    ['empty', ''],
    ['sent twice', 'first,second'],
    ['sent twice, with a space', 'first, second'],
    ['too long', 'x'.repeat(513)],
    ['markup', '<b>canary</b>'],
    ['quoted', 'canary"'],
    ['with spaces', 'canary canary'],
    ['of several lines', 'canary\r\nset-cookie: canary'],
    ['not ASCII', 'canary\u00e9'],
  ])('is a 400 for a challenge that is %s, and nothing of it is told', async (_, challenge) => {
    const answer = await shake({ 'x-okta-verification-challenge': challenge });
    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:conscent-lifecycle:problem:invalid-request' } });
    expect(problemOf(answer)).toEqual(SOUND);
    expect(answer.text).not.toMatch(/canary|first/);
  });

  it('of a stranger without a challenge is a 401: who asks is looked at first', async () => {
    const headers = { authorization: 'another text', 'x-okta-verification-challenge': undefined };
    expect((await shake(headers)).status).toBe(401);
  });
});

describe('an event hook of Okta’s', () => {
  const toOkta = (body: unknown, headers: Record<string, string | undefined> = {}) =>
    send({
      route: 'POST /webhooks/{source}',
      path: '/webhooks/okta',
      params: { source: 'okta' },
      body: JSON.stringify(body),
      headers: { ...TYPE, authorization: OKTA_AUTHORIZATION, ...headers },
    });

  it('is answered exactly 200 with a job for each event, without Okta being asked', async () => {
    const events = [
      oktaEvent('user.lifecycle.deactivate'),
      oktaEvent('user.session.clear'),
      oktaEvent('user.lifecycle.create', '', { target: [] }),
    ];
    const answer = await toOkta(oktaBody(events, 'hook-1'));
    const jobs = [
      { status: 'queued', duplicate: false },
      { status: 'needs-attention', duplicate: false },
    ];
    expect(answer).toMatchObject({ status: 200, body: { jobs } });
    expect(answer).toMatchObject({ body: { jobs: { length: 2 } } });
    expect(await recorded('hook-1')).toHaveLength(2);
    const again = jobs.map((job) => ({ ...job, duplicate: true }));
    // In one and the same instant a write that the SDK has sent twice could not be told from this one.
    vi.setSystemTime(Date.now() + 1);
    expect(await toOkta(oktaBody(events, 'hook-1'))).toMatchObject({ status: 200, body: { jobs: again } });
  });

  it('that is not handled is answered 200 without jobs, and one that cannot be read 200 with one that needs a person', async () => {
    expect(await toOkta(oktaBody([], 'hook-2'))).toMatchObject({ status: 200, body: { jobs: [] } });
    expect(await toOkta({ ...oktaBody([], 'hook-3'), eventType: 'com.okta.user.pre-registration' })).toMatchObject({
      status: 200,
      body: { jobs: [{ status: 'needs-attention' }] },
    });
  });

  it('from a stranger is answered 401, and nothing is stored', async () => {
    const body = oktaBody([oktaEvent('user.lifecycle.deactivate')], 'hook-4');
    const answer = await toOkta(body, { authorization: `${OKTA_AUTHORIZATION}, ${OKTA_AUTHORIZATION}` });
    expect(answer.status).toBe(401);
    expect(problemOf(answer)).toEqual(SOUND);
    expect(await recorded('hook-4')).toEqual([]);
  });
});

describe('a generic source', () => {
  const toKiosk = (id: string, body: string, { name = 'kiosk', key = KIOSK_KEY, more = {} } = {}) => {
    const signature = `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
    const headers = { ...TYPE, 'x-kiosk-delivery': id, 'x-hub-signature-256': signature, ...more };
    return send({
      route: 'POST /webhooks/generic/{name}',
      path: `/webhooks/generic/${name}`,
      params: { name },
      body,
      headers,
    });
  };
  const people = '{"people":[{"mail":"ida@hamn.example"},{"mail":"ulf@hamn.example"}]}';

  it('that is configured is answered 202 with a job for every item, and the same jobs when it sends again', async () => {
    const answer = await toKiosk('kiosk-1', people);
    const jobs = [{ email: 'ida@hamn.example' }, { email: 'ulf@hamn.example' }];
    expect(answer).toMatchObject({ status: 202, body: { jobs } });
    const ids = (answer.body as { jobs: { jobId: string }[] }).jobs.map(({ jobId }) => jobId);
    expect(new Set(ids).size).toBe(2);
    expect(await recorded('kiosk-1')).toMatchObject([{ source: 'generic/kiosk' }, { source: 'generic/kiosk' }]);
    const again = ids.map((jobId) => ({ jobId, duplicate: true }));
    expect(await toKiosk('kiosk-1', people)).toMatchObject({ status: 202, body: { jobs: again } });
  });

  it('is answered 401 for another key, 415 for another type, and nothing is stored', async () => {
    expect((await toKiosk('kiosk-2', people, { key: 'another' })).status).toBe(401);
    expect((await toKiosk('kiosk-2', people, { more: { 'content-type': 'text/xml' } })).status).toBe(415);
    expect(await recorded('kiosk-2')).toEqual([]);
  });

  it('is answered 400 with pointers into its body for what cannot be read, which is recorded', async () => {
    const answer = await toKiosk('kiosk-3', '{"people":[{"mail":"ida"}]}');
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/people/0/mail' }] } });
    expect(await recorded('kiosk-3')).toMatchObject([{ status: 'needs-attention', error: { code: 'unreadable' } }]);
  });

  it('that is configured without a way to know the sender lets nobody in: 503, our own fault', async () => {
    const answer = await toKiosk('kiosk-4', people, { name: 'careless' });
    expect(answer.status).toBe(503);
    expect(problemOf(answer)).toEqual(SOUND);
    expect(await recorded('kiosk-4')).toEqual([]);
  });
});
