/** HR systems through the handler: what each wants to be answered, and that no fault of ours is ever told as theirs. */
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../shared/sources/source.ts';
import { BAMBOO_KEY, fromBamboo } from '../fixtures/hr/bamboohr.ts';
import { BOB_KEY, fromBob } from '../fixtures/hr/hibob.ts';
import { NOW, problemOf, SOUND, useHandler } from './stack.ts';

const { send } = useHandler(() => import('../../functions/webhooks.ts'), {
  sources: {
    bamboohr: { signingSecrets: [BAMBOO_KEY], companyDomain: 'hamn', apiKey: 'key-of-the-api' },
    hibob: { signingSecrets: [BOB_KEY], serviceUserId: 'SERVICE-7', serviceUserToken: 'token-7' },
  },
});

const deliver = (source: string, { headers, body }: Delivery, isBase64Encoded = false) =>
  send({
    route: 'POST /webhooks/{source}',
    params: { source },
    headers,
    body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  });

const event = (type: string, employeeId: string) => ({ type, timestamp: NOW, data: { companyId: '1', employeeId } });

describe('BambooHR', () => {
  it('is answered 202 with a job, and again with the same job', async () => {
    const first = await deliver('bamboohr', fromBamboo(event('employee.updated', '61'), NOW));
    expect(first).toMatchObject({ status: 202, body: { jobs: [{ status: 'queued', duplicate: false }] } });
    const again = await deliver('bamboohr', fromBamboo(event('employee.updated', '61'), NOW));
    const { jobs } = first.body as { jobs: object[] };
    expect(again).toMatchObject({ status: 202, body: { jobs: [{ ...jobs[0], duplicate: true }] } });
  });

  it('may send a batch, which is answered as one, encoded by the gateway or not', async () => {
    const employees = ['62', '63'].map((id) => ({ id, action: 'Updated', fields: { 'Job Title': 'Lots' } }));
    const answer = await deliver('bamboohr', fromBamboo({ employees }, NOW), true);
    expect(answer).toMatchObject({ status: 202, body: { jobs: [{ duplicate: false }, { duplicate: false }] } });
  });

  it('is answered 202 for an event that is not handled', async () => {
    expect(await deliver('bamboohr', fromBamboo({ type: 'company.updated' }, NOW))).toMatchObject({
      status: 202,
      body: { jobs: [] },
    });
  });

  it('that was set to form encoding is recorded for a person instead of refused: it would never come again', async () => {
    const delivery = fromBamboo('type=employee.updated&data[employeeId]=64', NOW);
    const headers = { ...delivery.headers, 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await deliver('bamboohr', { ...delivery, headers });
    expect(answer).toMatchObject({ status: 202, body: { jobs: [{ status: 'needs-attention' }] } });
  });

  it('without a valid signature is answered 401, and nothing is stored', async () => {
    const forged = { ...fromBamboo(event('employee.deleted', '65'), NOW), body: Buffer.from('{"employees":[]}') };
    const answer = await deliver('bamboohr', forged);
    expect(answer.status).toBe(401);
    expect(problemOf(answer)).toEqual(SOUND);
  });
});

describe('HiBob', () => {
  it('is answered exactly 200, with a job that waits for the API to settle', async () => {
    const body = { companyId: 1, type: 'employee.updated', triggeredAt: NOW, data: { employeeId: '66' } };
    expect(await deliver('hibob', fromBob(body, NOW))).toMatchObject({
      status: 200,
      body: { jobs: [{ status: 'queued' }] },
    });
  });

  it.each([
    ['text/plain', 'Ping test'],
    ['text/plain; charset=utf-8', 'Ping test'],
    [undefined, 'Ping test'],
    ['application/json', '{"text":"Ping test"}'],
  ])('pings unsigned, as %s, and is answered 200', async (type, ping) => {
    const delivery = { headers: { 'content-type': type }, body: Buffer.from(ping), receivedAt: NOW };
    expect(await deliver('hibob', delivery)).toMatchObject({ status: 200, body: { jobs: [] } });
  });

  it.each(['text/plain', 'application/json', undefined])('pings signed, as %s, and is answered 200', async (type) => {
    const signed = fromBob('Ping test', NOW);
    const delivery = { ...signed, headers: { ...signed.headers, 'content-type': type } };
    expect(await deliver('hibob', delivery)).toMatchObject({ status: 200, body: { jobs: [] } });
  });

  it('is answered 200 for a signed body that cannot be read, which is recorded', async () => {
    const answer = await deliver('hibob', fromBob('{"type":"employee.left"}', NOW));
    expect(answer).toMatchObject({ status: 200, body: { jobs: [{ status: 'needs-attention' }] } });
  });

  it('unsigned is answered 401 for anything but a ping', async () => {
    const delivery = { headers: { 'content-type': 'text/plain' }, body: Buffer.from('Ping test!'), receivedAt: NOW };
    const answer = await deliver('hibob', delivery);
    expect(answer.status).toBe(401);
    expect(problemOf(answer)).toEqual(SOUND);
  });
});
