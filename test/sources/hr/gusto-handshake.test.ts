import { describe, expect, it } from 'vitest';
import { receiveWebhook } from '../../../shared/intake/receive-webhook.ts';
import { Problem } from '../../../shared/lifecycle/errors.ts';
import { gusto } from '../../../shared/sources/hr/gusto.ts';
import { gustoFake, SUBSCRIPTION } from '../../fakes/vendors/gusto.ts';
import { memoryWorld } from '../../fakes/world.ts';
import { gustoDelivery } from '../../fixtures/hr/gusto.ts';
import { SETTING } from '../signed.ts';
import { useVendor } from '../stage.ts';

const pending = { subscriptionUuid: SUBSCRIPTION.uuid, systemToken: 'mill-system' };
const SETTINGS = { signingSecrets: [SUBSCRIPTION.token], apiToken: 'mill-api', pending };
const stage = useVendor({
  make: gusto,
  fake: () => gustoFake({ api: 'mill-api', system: 'mill-system' }),
  settings: SETTINGS,
});

const TOKEN_BODY = JSON.stringify({ verification_token: SUBSCRIPTION.token });
const world = memoryWorld();

/** What the sender is answered, as far as it is known before the answer is written. */
async function answered(more: object = {}, body = TOKEN_BODY, headers: Record<string, string> = {}): Promise<number> {
  const sent = { headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(body) };
  try {
    await receiveWebhook(world, stage.source(more), { ...sent, receivedAt: SETTING.now() });
    return 200;
  } catch (error) {
    if (error instanceof Problem) return error.status;
    throw error;
  }
}

describe('the token of a pending subscription', () => {
  it('is sent back to Gusto, and then the delivery is accepted', async () => {
    expect(await answered()).toBe(200);
    expect(stage.fake.requests).toEqual([
      { method: 'PUT', path: `/v1/webhook_subscriptions/${SUBSCRIPTION.uuid}/verify` },
    ]);
  });

  it('may come again', async () => {
    expect(await answered()).toBe(200);
    expect(await answered()).toBe(200);
  });

  it('goes with the company’s token where there is no system token', async () => {
    stage.instead('/verify', { status: 200, body: { uuid: SUBSCRIPTION.uuid, status: 'verified' } });
    expect(await answered({ pending: { subscriptionUuid: SUBSCRIPTION.uuid } })).toBe(200);
  });

  it.each<[how: string, reply: { status: number; body?: unknown }]>([
    ['refuses it', { status: 422, body: { errors: [] } }],
    ['refuses our credentials', { status: 401 }],
    ['does not know the subscription', { status: 404 }],
    ['fails', { status: 500 }],
    ['answers a page', { status: 200, body: '<html>' }],
    ['says that it is still pending', { status: 200, body: { uuid: SUBSCRIPTION.uuid, status: 'pending' } }],
    [
      'confirms another one',
      { status: 200, body: { uuid: '00000000-0000-4000-8000-000000000000', status: 'verified' } },
    ],
  ])('is asked for again (503) where Gusto %s', async (_, reply) => {
    stage.instead('/verify', reply);
    expect(await answered()).toBe(503);
  });

  it('is not said in what goes wrong', async () => {
    stage.fake.fail({ status: 500 });
    const sent = { headers: {}, body: Buffer.from(TOKEN_BODY), receivedAt: SETTING.now() };
    const failure = await Promise.resolve(stage.source().greets?.(sent)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 503, headers: { 'retry-after': '60' } });
    expect(`${failure instanceof Error && failure.stack}${JSON.stringify(failure)}`).not.toContain(SUBSCRIPTION.token);
  });
});

describe('it is 401, and Gusto is not asked, for', () => {
  it.each<[rule: string, more: object, body?: string, headers?: Record<string, string>]>([
    ['a token while nothing is pending', { pending: undefined }],
    ['a token that the operator has not stored', { signingSecrets: ['another token'] }],
    ['a stranger’s token', {}, '{"verification_token":"a-strangers-token"}'],
    ['an empty token', {}, '{"verification_token":""}'],
    ['a token that is no text', {}, '{"verification_token":[1]}'],
    ['a token and more', {}, `{"verification_token":"${SUBSCRIPTION.token}","uuid":"1"}`],
    ['a token in an array', {}, `[${TOKEN_BODY}]`],
    ['a token inside something', {}, `{"data":${TOKEN_BODY}}`],
    ['no JSON', {}, `verification_token=${SUBSCRIPTION.token}`],
    ['nothing', {}, ''],
    ['a token under a signature', {}, TOKEN_BODY, { 'x-gusto-signature': 'AA' }],
    ['a token under a signature in the other spelling', {}, TOKEN_BODY, { x_gusto_signature: 'AA' }],
  ])('%s', async (_, more, body, headers) => {
    expect(await answered(more, body, headers)).toBe(401);
    expect(stage.fake.requests).toEqual([]);
  });
});

it('while a subscription is pending, signed events go on as ever', async () => {
  const { headers, body } = gustoDelivery(SUBSCRIPTION.token, 'employee.updated', SUBSCRIPTION.uuid);
  expect(await answered({}, body.toString(), headers)).toBe(200);
  expect(stage.fake.requests).toEqual([]);
});

it('a handshake becomes no job, and its token is nowhere', async () => {
  await answered();
  expect(JSON.stringify([world.allJobs(), world.alarms, world.messages])).not.toContain(SUBSCRIPTION.token);
});
