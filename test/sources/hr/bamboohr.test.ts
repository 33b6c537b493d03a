import { describe, expect, it } from 'vitest';
import { bamboohr } from '../../../shared/sources/hr/bamboohr.ts';
import { BAMBOO_KEY, fromBamboo } from '../../fixtures/hr/bamboohr.ts';
import published from '../../fixtures/vectors/bamboohr.json' with { type: 'json' };
import { SETTING } from '../signed.ts';

const AT = '2026-04-07T06:05:04.000Z';
const SETTINGS = { signingSecrets: [BAMBOO_KEY], companyDomain: 'verlag', apiKey: 'key-of-the-api' };
const source = (more: object = {}) => bamboohr({ ...SETTINGS, ...more }, SETTING);
const event = (type: string, data: object = { companyId: '881', employeeId: '4171' }) => ({
  type,
  timestamp: '2026-04-07T06:05:04+0000',
  data,
});
const UPDATED = event('employee.updated');
const read = (body: unknown) => source().read(fromBamboo(body, AT));

describe('of the vectors', () => {
  for (const { name, secrets, headers, body, nowSeconds, isValid } of published.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const receivedAt = new Date(nowSeconds * 1000).toISOString();
      const known: Record<string, string | undefined> = { ...headers };
      const delivery = { headers: known, body: Buffer.from(body), receivedAt };
      expect(source({ signingSecrets: secrets }).verify(delivery)).toBe(isValid);
    });
  }
});

const good = fromBamboo(UPDATED, AT).headers;
const signature = good['x-bamboohr-signature'] ?? '';
const timestamp = good['x-bamboohr-timestamp'] ?? '';
const ATTACKS: [rule: string, headers: Record<string, string | undefined>][] = [
  ['no header at all', {}],
  ['no signature', { ...good, 'x-bamboohr-signature': undefined }],
  ['an empty signature', { ...good, 'x-bamboohr-signature': '' }],
  ['no timestamp', { ...good, 'x-bamboohr-timestamp': undefined }],
  ['a signature sent twice', { ...good, 'x-bamboohr-signature': `${signature},${signature}` }],
  ['a signature sent twice, with a space', { ...good, 'x-bamboohr-signature': `${signature}, ${signature}` }],
  ['a timestamp sent twice', { ...good, 'x-bamboohr-timestamp': `${timestamp},${timestamp}` }],
  ['a signature one character short', { ...good, 'x-bamboohr-signature': signature.slice(1) }],
  ['a signature one byte long', { ...good, 'x-bamboohr-signature': `${signature}00` }],
  ['capitals', { ...good, 'x-bamboohr-signature': signature.toUpperCase() }],
  ['the prefix of another vendor', { ...good, 'x-bamboohr-signature': `sha256=${signature}` }],
  ['another timestamp', { ...good, 'x-bamboohr-timestamp': String(Number(timestamp) + 1) }],
  ['a timestamp that is no digits', { ...good, 'x-bamboohr-timestamp': `+${timestamp}` }],
  ['a timestamp in milliseconds', { ...good, 'x-bamboohr-timestamp': `${timestamp}000` }],
];

describe('a delivery is refused with', () => {
  for (const [rule, headers] of ATTACKS) {
    it(rule, () => {
      expect(source().verify({ ...fromBamboo(UPDATED, AT), headers })).toBe(false);
    });
  }

  it('another body than the one signed', () => {
    const body = Buffer.from(JSON.stringify(event('employee.updated', { employeeId: '4172' })));
    expect(source().verify({ ...fromBamboo(UPDATED, AT), body })).toBe(false);
  });

  it('a signature of four hours ago', () => {
    expect(source().verify(fromBamboo(UPDATED, AT, '2026-04-07T10:05:04.000Z'))).toBe(false);
  });
});

it('the last of its retries, 155 minutes after the first failure, is in time if it is not stamped anew', () => {
  expect(source().verify(fromBamboo(UPDATED, AT, '2026-04-07T08:40:04.000Z'))).toBe(true);
});

const FAULTS: [rule: string, settings: unknown, named: RegExp][] = [
  ['no settings', null, /bamboohr/],
  ['no secrets', { ...SETTINGS, signingSecrets: undefined }, /bamboohr\.signingSecrets/],
  ['an empty list of secrets', { ...SETTINGS, signingSecrets: [] }, /bamboohr\.signingSecrets/],
  ['an empty secret beside a good one', { ...SETTINGS, signingSecrets: [BAMBOO_KEY, ''] }, /signingSecrets\.1/],
  ['no API key', { ...SETTINGS, apiKey: '' }, /bamboohr\.apiKey/],
  ['a company domain that names another host', { ...SETTINGS, companyDomain: 'evil.example/' }, /companyDomain/],
  ['a base URL without TLS', { ...SETTINGS, baseUrl: 'http://hr.example' }, /bamboohr\.baseUrl/],
  ['a time zone that is none', { ...SETTINGS, timeZone: '+05:30' }, /bamboohr\.timeZone/],
  ['a setting that is not known', { ...SETTINGS, tolerance: 1 }, /bamboohr\.tolerance/],
];

describe('a source is not made with', () => {
  for (const [rule, settings, named] of FAULTS) {
    it(`${rule}, and the error names the member`, () => {
      expect(() => bamboohr(settings, SETTING)).toThrow(named);
    });
  }
});

it('a source speaks of employment and attributes unless it is told otherwise', () => {
  expect(source().authority).toEqual(['employment', 'attributes']);
  expect(source({ authority: ['attributes'] }).authority).toEqual(['attributes']);
});

const lookup = (employeeId: string) => ({ kind: 'lookup', id: employeeId, settleSeconds: 2 });
const unnamed = { kind: 'review', id: 'unknown', code: 'employee-unnamed' };
const deleted = (employeeId: string) => ({ kind: 'review', id: employeeId, code: 'employee-deleted' });
const READ: [rule: string, body: unknown, notices: object[]][] = [
  ['a created employee is looked up', event('employee.created'), [lookup('4171')]],
  ['an updated employee is looked up', UPDATED, [lookup('4171')]],
  ['a timestamp with a colon or a Z is as good', { ...UPDATED, timestamp: '2026-04-07T06:05:04Z' }, [lookup('4171')]],
  ['a deleted record is no leaver: a person must judge', event('employee.deleted'), [deleted('4171')]],
  ['a company’s own event asks for nothing', event('company.updated', { companyId: '881' }), []],
  ['an event type nobody has heard of asks for nothing', { type: 'employee.promoted' }, []],
  [
    'a batch is one notice an employee',
    { employees: [batched('17', 'Updated'), batched('18', 'Created'), batched('19', 'Deleted')] },
    [lookup('17'), lookup('18'), deleted('19')],
  ],
  ['empty fields may be a list', { employees: [{ ...batched('20', 'Created'), fields: [] }] }, [lookup('20')]],
  [
    'an entry without action or timestamp, with wrapped values, is looked up',
    { employees: [{ id: '21', changedFields: ['Job Title'], fields: { 'Job Title': { value: 'Setter' } } }] },
    [lookup('21')],
  ],
  ['an id may be a number', { employees: [{ ...batched('22', 'Updated'), id: 22 }] }, [lookup('22')]],
  [
    'whoever a batch does not name holds up nobody whom it names',
    { employees: [{ action: 'Updated' }, batched('23', 'Updated'), { id: '../company' }] },
    [unnamed, lookup('23'), unnamed],
  ],
  ['a batch may be empty', { employees: [] }, []],
];

function batched(id: string, action: string) {
  return { id, action, changedFields: [], fields: {}, timestamp: '2026-04-07T06:05:04+0000' };
}

describe('of a verified body', () => {
  for (const [rule, body, notices] of READ) {
    it(rule, () => {
      expect(read(body)).toEqual({ kind: 'notices', notices, deliveryId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    });
  }
});

const UNREADABLE: [body: unknown, pointer: string][] = [
  ['', ''],
  ['employees[17][changedFields][0]=Job+title', ''],
  ['null', ''],
  ['[]', ''],
  ['{}', '/type'],
  [{ employees: {} }, '/employees'],
  [event('employee.updated', {}), '/data/employeeId'],
  [event('employee.updated', { employeeId: '0' }), '/data/employeeId'],
  [event('employee.updated', { employeeId: '1/photo' }), '/data/employeeId'],
];

describe('a body that cannot be read says where, is answered 202 and shows nothing of itself', () => {
  for (const [body, pointer] of UNREADABLE) {
    it(JSON.stringify(body), () => {
      const reading = read(body);
      const violations: unknown = expect.arrayContaining([expect.objectContaining({ pointer })]);
      expect(reading).toMatchObject({ kind: 'unreadable', violations });
      expect(JSON.stringify(reading)).not.toMatch(/company|photo|Job/);
      expect(source().unreadableStatus).toBe(202);
    });
  }
});

describe('a delivery is known', () => {
  const idOf = (body: unknown, at = AT) => source().read(fromBamboo(body, at)).deliveryId;
  const LATER = '2026-04-07T06:10:04.000Z';
  const UNDATED = { employees: [{ id: '5', changedFields: ['Job Title'] }] };

  it('by its dated body, even where a retry is stamped anew', () => {
    expect(idOf(UPDATED, LATER)).toBe(idOf(UPDATED));
    expect(idOf({ ...UPDATED, timestamp: '2026-04-07T06:05:05+0000' })).not.toBe(idOf(UPDATED));
  });

  it('by its undated body and when it was signed, since the same may happen twice', () => {
    expect(idOf(UNDATED)).toBe(idOf(UNDATED));
    expect(idOf(UNDATED, LATER)).not.toBe(idOf(UNDATED));
  });
});
