import { beforeAll, describe, expect, it } from 'vitest';
import { newPerson } from '../../shared/lifecycle/person.ts';
import type { RequestLine } from '../middleware/request.ts';
import { as, problemOf, SOUND, useHandler } from './stack.ts';

const { send, queued } = useHandler(() => {
  process.env['ALLOWED_EMAIL_DOMAINS'] = 'hamn.example';
  return import('../../functions/people.ts');
});

const JORD = 'jord@hamn.example';
const CSV = { 'content-type': 'text/csv' };
const NDJSON = { 'content-type': 'application/x-ndjson' };

const bring = (body: string | Buffer, { headers, ...more }: Partial<RequestLine> = {}) =>
  send({
    route: 'POST /people/import',
    ...(typeof body === 'string' ? { body } : { body: body.toString('base64'), isBase64Encoded: true }),
    ...more,
    headers: { ...CSV, ...as('desk'), ...headers },
  });
const look = (email: string) => send({ route: 'GET /people/{email}', params: { email }, headers: as('auditor') });

beforeAll(async () => {
  const { people } = (await import('../../shared/wiring.ts')).wire().world;
  const fact = {
    id: 'j-1',
    source: 'api',
    type: 'offboard',
    occurredAt: '2026-09-01T00:00:00.000Z',
    position: 0,
  } as const;
  const email = 'leaver@hamn.example';
  const facts = [{ ...fact, mayRename: true, attributes: {}, employment: 'end' as const, email }];
  await people.save({ ...newPerson('p-leaver'), facts }, null);
  await people.point({ kind: 'email', email }, 'p-leaver', null);
});

describe('POST /people/import', () => {
  it('answers what became of every line, and the people are there', async () => {
    const file = `email,userId,role,permissions\r\n${JORD},u-jord,ADMIN,"ga4, export"\r\nbuse,u-2,,\r\n\r\nbil@hamn.example,u-jord,,*\r\n`;
    const answer = await bring(`\ufeff${file}`, { headers: { 'content-type': 'text/csv; charset=utf-8' } });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(answer.body).toEqual({
      lines: [
        { line: 2, email: JORD, status: 'linked' },
        { line: 3, status: 'failed', error: expect.stringMatching(/email/) },
        { line: 5, email: 'bil@hamn.example', status: 'failed', error: expect.stringMatching(/somebody else/) },
      ],
    });
    expect(await look(JORD)).toMatchObject({
      status: 200,
      body: {
        email: JORD,
        account: { state: 'linked', userId: 'u-jord', role: 'ADMIN' },
        history: [{ what: 'account imported', by: 'desk' }],
      },
    });
    expect((await look('bil@hamn.example')).status).toBe(404);
  });

  it('takes NDJSON, as text and as the gateway encodes bytes', async () => {
    const line = (name: string) => `${JSON.stringify({ email: `${name}@hamn.example`, userId: `u-${name}` })}\n`;
    for (const body of [line('ran'), Buffer.from(line('gna'))])
      expect(await bring(body, { headers: NDJSON })).toMatchObject({
        status: 200,
        body: { lines: [{ status: 'linked' }] },
      });
  });

  it('wakes the worker for somebody whose employment is known, and for nobody else', async () => {
    await queued();
    const lines = [
      ['leaver@hamn.example', 'u-leaver'],
      ['eir@hamn.example', 'u-eir'],
    ];
    const answer = await bring(['email,userId', ...lines].join('\n'));
    expect(answer.body).toMatchObject({ lines: [{ status: 'linked' }, { status: 'linked' }] });
    expect(await queued()).toEqual([{ personId: 'p-leaver' }]);
  });

  it('fails a line outside ALLOWED_EMAIL_DOMAINS', async () => {
    const answer = await bring('email,userId\njord@kaj.example,u-9');
    expect(answer.body).toMatchObject({
      lines: [{ line: 2, status: 'failed', error: expect.stringMatching(/domain/) }],
    });
  });

  it('links 1,000 people well within the gateway’s 30 seconds, and finds them unchanged after it', async () => {
    const lines = Array.from({ length: 1_000 }, (_, n) => `many-${n}@hamn.example,u-many-${n},ADMIN,*`);
    const file = ['email,userId,role,permissions', ...lines].join('\n');
    for (const status of ['linked', 'unchanged']) {
      const startedAt = process.hrtime.bigint();
      const { body } = await bring(file);
      expect(Number(process.hrtime.bigint() - startedAt) / 1e9).toBeLessThan(25);
      const expected = lines.map((_, n) => ({ line: n + 2, email: `many-${n}@hamn.example`, status }));
      expect(body).toEqual({ lines: expected });
    }
  });

  const good = `email,userId\n${JORD},u-jord`;
  const refused: [rule: string, status: number, answer: () => ReturnType<typeof bring>][] = [
    ['an empty body', 400, () => bring('')],
    ['an empty body of NDJSON', 400, () => bring('', { headers: NDJSON })],
    ['a file without a header', 400, () => bring(`${JORD},u-jord`)],
    ['a column that is not known', 400, () => bring(`email,userId,name\n${JORD},u-jord,Jord`)],
    ['1,001 lines', 400, () => bring(`email,userId${`\n${JORD},u-jord`.repeat(1_001)}`)],
    ['a query parameter that is not known', 400, () => bring(good, { query: { dryRun: 'true' } })],
    ['JSON', 415, () => bring('[]', { headers: { 'content-type': 'application/json' } })],
    [
      'a spreadsheet',
      415,
      () => bring(Buffer.of(0x50, 0x4b), { headers: { 'content-type': 'application/vnd.ms-excel' } }),
    ],
    ['no content type', 415, () => bring(good, { headers: { 'content-type': undefined } })],
    ['a body above 256 KB', 413, () => bring(`${good}${' '.repeat(262_144)}`)],
    ['no token', 401, () => bring(good, { headers: { authorization: undefined } })],
    ['an expired token', 401, () => bring(good, { headers: as('expired') })],
    ['a token that may only read', 403, () => bring(good, { headers: as('auditor') })],
  ];
  for (const [rule, status, answered] of refused) {
    it(`answers ${status} to ${rule}, and imports nothing`, async () => {
      const answer = await answered();
      expect(answer.status).toBe(status);
      expect(answer.body).not.toHaveProperty('lines');
      expect(problemOf(answer)).toEqual(SOUND);
    });
  }
});
