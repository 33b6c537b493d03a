/** The scripts of the page, run in a stand-in for ServiceNow: what they send is let in and read, whatever was typed into the form. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { servicenow } from '../../../shared/sources/ticketing/servicenow.ts';
import { SNOW_SETTINGS, SYS_ID, snowSettings } from '../../fixtures/ticketing/servicenow.ts';
import { SETTING } from '../signed.ts';
import { countedAs } from './servicenow-stage.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/sources/servicenow.md'), 'utf8');
const [CONDITION = '', NAMES = '', SIGNS = ''] = [...PAGE.matchAll(/```js\n(.*?)```/gs)].map(([, block]) => block);
const [, CONFIGURED = ''] = /```json\n(.*?)```/s.exec(PAGE) ?? [];
const NOW = SETTING.now();
const PROPERTIES: Record<string, string> = {
  'conscent.lifecycle.password': SNOW_SETTINGS.basic.passwords[0] ?? '',
  'conscent.lifecycle.secret': SNOW_SETTINGS.signingSecrets[0] ?? '',
};

/** What a form was filled with, as a script sees it: objects that are texts where they are written. */
interface Item {
  name: string;
  summary?: string;
  approval?: string;
  variables: Record<string, string>;
}

function scope({ name, summary = 'Access', approval = 'approved', variables }: Item, user = 'mona.manager') {
  const sent: { headers: Record<string, string>; body: string } = { headers: {}, body: '' };
  class RESTMessageV2 {
    setEndpoint() {}
    setHttpMethod() {}
    setHttpTimeout() {}
    setBasicAuth(name: string, password: string) {
      sent.headers['authorization'] = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
    }
    setRequestHeader(header: string, value: string) {
      sent.headers[header.toLowerCase()] = value;
    }
    setRequestBody(body: string) {
      sent.body = body;
    }
    execute() {
      return { getStatusCode: () => 202 };
    }
  }
  class GlideCertificateEncryption {
    /** As documented: the key is base64, and so is the answer. */
    generateMac(key: string, algorithm: string, data: string) {
      expect(algorithm).toBe('HmacSHA256');
      return createHmac('sha256', Buffer.from(key, 'base64')).update(data).digest('base64');
    }
  }
  const element = (text: string) => ({ toString: () => text });
  const values: Record<string, string> = { number: 'RITM0011042', sys_mod_count: '3', approval };
  const current = {
    approval,
    short_description: element(summary),
    cat_item: { name: element(name) },
    variables: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, element(value)])),
    getUniqueValue: () => SYS_ID,
    getValue: (field: string) => values[field],
  };
  const gs = { getProperty: (property: string) => PROPERTIES[property], getUserName: () => user, error: () => {} };
  const sn_ws = { RESTMessageV2 };
  // The clock of the stand-in stands still.
  const clock = class extends Date {
    constructor() {
      super(NOW);
    }
  };
  return { sent, globals: { current, gs, sn_ws, GlideCertificateEncryption, Date: clock } };
}

function run(script: string, item: Item, user?: string) {
  const { sent, globals } = scope(item, user);
  runInNewContext(script, globals);
  return { ...sent, receivedAt: NOW, body: Buffer.from(sent.body) };
}

const applies = (item: Item, user?: string): unknown => runInNewContext(CONDITION, scope(item, user).globals);
const source = (more: object = {}) => servicenow({ ...SNOW_SETTINGS, ...more }, SETTING);
const JOINER = { new_hire_email: 'zoe@press.example', employee_number: '5501', access_profile: 'newsroom' };
const AWKWARD = 'Zoë "the\\ quote"\n\twith a line, {"type":"offboard"} and \u2028 too';

describe('the rule of the page', () => {
  it('sends what is approved and ours, but not what our own user did', () => {
    const item = { name: 'New colleague', variables: JOINER };
    expect(applies(item)).toBe(true);
    expect(applies({ ...item, approval: 'requested' })).toBe(false);
    expect(applies({ ...item, name: 'New laptop' })).toBe(false);
    expect(applies(item, 'conscent.lifecycle')).toBe(false);
  });
});

describe('the script that names the item', () => {
  it('is known by Basic, and has the item looked up', () => {
    const delivery = run(NAMES, { name: 'New colleague', variables: JOINER });
    const asks = source(snowSettings('http://127.0.0.1:9'));
    expect(asks.verify(delivery)).toBe(true);
    expect(asks.read(delivery)).toEqual({
      kind: 'notices',
      notices: [{ kind: 'lookup', id: SYS_ID, ticket: SYS_ID, reference: 'RITM0011042', isRepeatable: true }],
      deliveryId: countedAs(3),
    });
    expect(delivery.body.toString()).not.toContain('zoe');
  });
});

describe('the script that signs', () => {
  it.each([
    ['New colleague', 'onboard'],
    ['More access', 'change'],
    ['Colleague leaves', 'offboard'],
  ])('is let in, and says of "%s" a valid %s', (name, type) => {
    const delivery = run(SIGNS, { name, variables: { ...JOINER, effective_date: '2026-06-30' } });
    expect(source().verify(delivery)).toBe(true);
    const event = {
      type,
      person: { email: 'zoe@press.example', externalId: '5501' },
      access: { profile: 'newsroom' },
      effectiveAt: '2026-06-30',
      reason: 'Access',
      reference: 'RITM0011042',
    };
    expect(source().read(delivery)).toEqual({
      kind: 'notices',
      notices: [{ kind: 'event', event, ticket: SYS_ID, reference: 'RITM0011042' }],
      deliveryId: 'RITM0011042:3',
    });
  });

  it.each([
    [AWKWARD, 'Zoë "the\\ quote" with a line, {"type":"offboard"} and too'],
    ['"}],"type":"offboard","x":"', '"}],"type":"offboard","x":"'],
    ['ring the \u0007\u0000bell', 'ring the bell'],
    ['ß'.repeat(300), 'ß'.repeat(200)],
    [`${'a'.repeat(199)}😀`, 'a'.repeat(199)],
    [' \r\n ', undefined],
  ])('is not broken by a summary such as %j', (summary, reason) => {
    const delivery = run(SIGNS, { name: 'New colleague', summary, variables: JOINER });
    expect(source().verify(delivery)).toBe(true);
    expect(source().read(delivery)).toMatchObject({
      notices: [{ event: { type: 'onboard', ...(reason && { reason }) } }],
    });
    // Whatever encoding it is sent in, it is the same bytes.
    expect(delivery.body.every((byte) => byte < 0x80)).toBe(true);
  });

  it('says nothing by what was left empty', () => {
    const variables = { new_hire_email: 'zoe@press.example', employee_number: '', effective_date: ' ' };
    expect(source().read(run(SIGNS, { name: 'Colleague leaves', summary: '', variables }))).toMatchObject({
      notices: [{ event: { type: 'offboard', person: { email: 'zoe@press.example' }, reference: 'RITM0011042' } }],
    });
  });
});

it('the settings of the page are usable, once its secrets are filled in', () => {
  const filled = CONFIGURED.replace(/<base64[^>]*>/, 'A'.repeat(32)).replace('<instance>', 'press');
  const { servicenow: settings } = JSON.parse(filled) as { servicenow: object };
  expect(servicenow(settings, SETTING)).toMatchObject({ name: 'servicenow', authority: ['employment', 'grants'] });
});
