/** What BambooHR answers that is no whole record: it says nothing of anybody, and is asked again. */
import { describe, expect, it } from 'vitest';
import type { VendorFault } from '../../fakes/vendors/vendor.ts';
import { looked, type Setting, SIV } from './bamboohr-company.ts';

const record = async (employee: object, setting?: Setting) => (await looked(employee, setting)).answer;
const unavailable = { kind: 'failed', reason: 'vendor-unavailable' };
const FAILURES: [rule: string, fault: VendorFault, answer: object][] = [
  ['401', { status: 401 }, { kind: 'failed', reason: 'vendor-unauthorized' }],
  ['403', { status: 403 }, { kind: 'failed', reason: 'vendor-unauthorized' }],
  ['404', { status: 404 }, { kind: 'not-found' }],
  ['429 with Retry-After', { status: 429, retryAfter: '75' }, { ...unavailable, retryAfterSeconds: 75 }],
  ['503 with Retry-After', { status: 503, retryAfter: '30' }, { ...unavailable, retryAfterSeconds: 30 }],
  ['500', { status: 500, body: 'oops' }, unavailable],
  ['HTML', { status: 200, body: '<html>Sign in</html>' }, unavailable],
  ['half an answer', { status: 200, body: '{"id":"4171","workEmail":"siv@ver' }, unavailable],
  ['an empty answer', { status: 200, body: '' }, unavailable],
  [
    'an error in a 200',
    { status: 200, body: '{"error":{"code":429}}' },
    { kind: 'failed', reason: 'record-incomplete' },
  ],
  ['a list', { status: 200, body: '[]' }, { kind: 'failed', reason: 'record-incomplete' }],
];

describe('nothing is said of anybody by', () => {
  for (const [rule, fault, expected] of FAILURES) {
    it(rule, async () => {
      const { answer, ask } = await looked({}, { faults: [fault] });
      expect(answer).toEqual(expected);
      expect(await ask()).toMatchObject({ kind: 'record' });
    });
  }

  it('a failure of the second question', async () => {
    const whole = { status: 200, body: JSON.stringify({ id: '4171', ...SIV, terminationDate: '2026-01-01' }) };
    expect(await record({}, { faults: [whole, { status: 500 }] })).toEqual(unavailable);
  });

  it.each(Object.keys(SIV))('a record in which our key may not see %s', async (field) => {
    expect(await record({ _hidden: [field] })).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it('the record of somebody else', async () => {
    const { ask, fake } = await looked({});
    fake.fail({ status: 200, body: JSON.stringify({ id: '9', terminationDate: '2026-01-01', ...SIV }) });
    expect(await ask()).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it('an API that does not know our key', async () => {
    const { answer } = await looked({}, { settings: { apiKey: 'old-key' } });
    expect(answer).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
  });

  it('an id that the API does not know', async () => {
    expect((await looked(null)).answer).toEqual({ kind: 'not-found' });
  });

  it.each(['0', '../4171', '4171/photo', '4171?x', ''])('the id %j, which is never asked for', async (id) => {
    const { ask, fake } = await looked({});
    fake.requests.length = 0;
    expect(await ask(id)).toEqual({ kind: 'not-found' });
    expect(fake.requests).toEqual([]);
  });
});
