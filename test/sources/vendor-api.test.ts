import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { askVendor, type VendorRequest } from '../../shared/sources/vendor-api.ts';

type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

const UNAVAILABLE = { kind: 'failed', reason: 'vendor-unavailable' };
const UNAUTHORIZED = { kind: 'failed', reason: 'vendor-unauthorized' };

/** A vendor that behaves like this, and what it was asked. */
async function vendor(behave: Behaviour) {
  const asked: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push({ ...(method && { method }), ...(url && { url }), headers, body: await text(request) });
    behave(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/employees/7`;
  const ask = (more: Partial<VendorRequest> = {}) =>
    askVendor({ url, headers: { authorization: 'Basic eDp5' }, ...more });
  return { ask, asked, url };
}

const answers = (status: number, headers: Record<string, string> = {}, body = '{"id":"7"}'): Behaviour => {
  return (response) => void response.writeHead(status, headers).end(body);
};

const answerTo = async (behave: Behaviour) => (await vendor(behave)).ask();

describe('a record', () => {
  it('is asked for with our credentials, as JSON', async () => {
    const { ask, asked } = await vendor(answers(200));
    expect(await ask()).toEqual({ kind: 'json', value: { id: '7' } });
    const headers = { authorization: 'Basic eDp5', accept: 'application/json', 'user-agent': 'conscent-lifecycle' };
    expect(asked).toMatchObject([{ method: 'GET', url: '/api/employees/7', headers, body: '' }]);
  });

  it('may be asked for in JSON or by a form', async () => {
    const { ask, asked } = await vendor(answers(200));
    await ask({ method: 'POST', json: { fields: ['a'] } });
    await ask({ method: 'POST', form: { grant_type: 'client_credentials', scope: 'a b' } });
    expect(asked.map(({ body }) => body)).toEqual(['{"fields":["a"]}', 'grant_type=client_credentials&scope=a+b']);
    expect(asked.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      expect.stringContaining('application/x-www-form-urlencoded'),
    ]);
  });

  it.each(['null', '[]', '"x"', '7'])(
    'that reads %s is JSON too; what it means is the source’s to judge',
    async (body) => {
      expect(await answerTo(answers(200, {}, body))).toEqual({ kind: 'json', value: JSON.parse(body) });
    },
  );
});

describe('an answer says nothing of anybody', () => {
  it.each([400, 405, 409, 422, 500, 502, 503, 504])('with %i', async (status) => {
    expect(await answerTo(answers(status))).toEqual(UNAVAILABLE);
  });

  it.each([401, 403])('with %i, which is about our credentials', async (status) => {
    expect(await answerTo(answers(status))).toEqual(UNAUTHORIZED);
  });

  it.each([301, 302, 303, 307, 308])(
    'with %i: it is not followed, so our credentials go nowhere else',
    async (status) => {
      const { ask, asked, url } = await vendor((response) =>
        response.writeHead(status, { location: `${url}/x` }).end(),
      );
      expect(await ask()).toEqual(UNAVAILABLE);
      expect(asked).toHaveLength(1);
    },
  );

  it('with 404, which only says that there is no such employee', async () => {
    expect(await answerTo(answers(404))).toEqual({ kind: 'not-found' });
  });

  it.each(['<html>Sign in</html>', '', '{"id":', '{"id":"7"}}', '\u0000'])('that is no JSON: %j', async (body) => {
    expect(await answerTo(answers(200, {}, body))).toEqual(UNAVAILABLE);
  });

  it('that is no UTF-8', async () => {
    expect(await answerTo((response) => void response.end(Buffer.from([0x22, 0xff, 0x22])))).toEqual(UNAVAILABLE);
  });

  it('that breaks off, even where what came is JSON', async () => {
    const behave: Behaviour = (response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write('{"id":"7"}', () => response.destroy());
    };
    expect(await answerTo(behave)).toEqual(UNAVAILABLE);
  });

  it('that never came', async () => {
    expect(await answerTo((response) => void response.destroy())).toEqual(UNAVAILABLE);
    expect(await askVendor({ url: 'http://127.0.0.1:9/', headers: {} })).toEqual(UNAVAILABLE);
  });

  it('that is longer than any record', async () => {
    const megabyte = `"${'x'.repeat(1024 * 1024 - 2)}"`;
    expect(await answerTo(answers(200, {}, megabyte))).toMatchObject({ kind: 'json' });
    expect(await answerTo(answers(200, {}, `${megabyte} `))).toEqual(UNAVAILABLE);
  });
});

describe('an answer that would break whoever walks through it', () => {
  it('is none', async () => {
    expect(await answerTo(answers(200, {}, `${'['.repeat(10_000)}${']'.repeat(10_000)}`))).toEqual(UNAVAILABLE);
  });
});

describe('a vendor that keeps us waiting', () => {
  it.each<[rule: string, behave: Behaviour]>([
    ['before it answers', () => {}],
    ['in the middle of its answer', (response) => void response.writeHead(200).write('{"id":')],
  ])('%s is given ten seconds', async (_, behave) => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const patience = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));
    onTestFinished(() => patience.mockRestore());
    expect(await answerTo(behave)).toEqual(UNAVAILABLE);
    expect(patience.mock.calls).toEqual([[10_000]]);
  });

  it('is asked once, and not again before the job says so', async () => {
    const { ask, asked } = await vendor(answers(503));
    await ask();
    expect(asked).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  const waitOf = async (header: string, status = 429) => {
    const answer = await answerTo(answers(status, { 'retry-after': header }));
    return 'retryAfterSeconds' in answer ? answer.retryAfterSeconds : undefined;
  };

  it('may be in seconds', async () => {
    expect(await waitOf('75')).toBe(75);
    expect(await waitOf('30', 503)).toBe(30);
  });

  it('may be a date', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-10-21T07:26:30.000Z') });
    onTestFinished(() => void vi.useRealTimers());
    expect(await waitOf('Wed, 21 Oct 2026 07:28:00 GMT')).toBe(90);
    expect(await waitOf('Wed, 21 Oct 2026 07:26:00 GMT')).toBeUndefined();
  });

  it.each(['0', '-5', '1.5', '1e9', 'soon', '99999999999', ''])('that reads %j is none', async (header) => {
    expect(await waitOf(header)).toBeUndefined();
  });
});
