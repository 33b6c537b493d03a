/** What Jira's page shows to be pasted: its settings, and the bodies of Automation, rendered as its smart values are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jira } from '../../../shared/sources/ticketing/jira.ts';
import { JIRA_TOKEN } from '../../fixtures/ticketing/jira.ts';
import { SETTING } from '../signed.ts';
import { wire } from '../stage.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/sources/jira.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/```json\n(.*?)```/gs)].map(([, block = '']) => block);
const [NAMES = '', SAYS = ''] = BLOCKS.filter((block) => block.includes('{{'));
const [SETTINGS = ''] = BLOCKS.filter((block) => block.startsWith('"jira"'));

const { jira: shown } = JSON.parse(`{${SETTINGS}}`) as { jira: object };
const source = (more: object = {}) => jira({ ...shown, bearer: { tokens: [JIRA_TOKEN] }, ...more }, SETTING);

/** `asJsonString` writes a text as JSON does, the quotation marks included. */
const rendered = (body: string, fields: Record<string, string>) =>
  body.replace(/\{\{issue\.([\w ]+)\.asJsonString\}\}/g, (_, name: string) => JSON.stringify(fields[name] ?? ''));
const read = (text: string, more: object = {}) =>
  source(more).read({
    headers: { authorization: `Bearer ${JIRA_TOKEN}` },
    body: wire(text),
    receivedAt: SETTING.now(),
  });

describe('of Jira’s page', () => {
  const unmapped = {
    signingSecrets: undefined,
    mapping: undefined,
    approved: undefined,
    api: undefined,
    reply: undefined,
  };
  const leaves = { key: 'OFF-3', 'Leaver email': 'nora@press.example', 'Last day': '2026-06-30' };

  it('the settings are usable, and ask and tell', () => {
    expect([typeof source().lookUp, typeof source().reply]).toEqual(['function', 'function']);
  });

  it('the first body names the issue, which is looked up', () => {
    const lookup = { kind: 'lookup', id: 'OFF-3', reference: 'OFF-3' };
    expect(read(rendered(NAMES, leaves))).toMatchObject({ notices: [lookup] });
  });

  it('the second body is the event, where nobody can be asked', () => {
    const event = {
      type: 'offboard',
      person: { email: 'nora@press.example' },
      effectiveAt: '2026-06-30',
      reference: 'OFF-3',
    };
    expect(read(rendered(SAYS, leaves), unmapped)).toMatchObject({
      notices: [{ kind: 'event', event, ticket: 'OFF-3' }],
    });
  });

  it('a quotation mark in a field breaks neither, and adds nothing to the event', () => {
    const typed = { ...leaves, 'Leaver email': 'eve@press.example"},"access":{"profile":"treasury"},"x":{"y":"\\\n' };
    const violations = [{ pointer: '/person/email' }];
    expect(read(rendered(SAYS, typed), unmapped)).toMatchObject({ notices: [{ kind: 'unreadable', violations }] });
    expect(read(rendered(NAMES, typed))).toMatchObject({ notices: [{ kind: 'lookup' }] });
  });
});
