/** Where a ticket says that it is approved there must be a word: whatever else stands there must not be taken for "not approved". */
import { describe, expect, it } from 'vitest';
import { jira } from '../../shared/sources/ticketing/jira.ts';
import { JIRA_SETTINGS, jiraBody, jiraFields, jiraHeaders } from '../fixtures/ticketing/jira.ts';
import { SETTING } from './signed.ts';

const AT = '2026-05-05T05:05:05.000Z';
const source = jira(JIRA_SETTINGS, SETTING);

function read(status: unknown) {
  const fields = jiraFields('Colleague leaves', 'ivo@press.example', { status: { name: status } });
  const body = JSON.stringify(jiraBody({ at: AT, fields }));
  return source.read({ headers: jiraHeaders(body), body: Buffer.from(body), receivedAt: AT });
}

describe('a ticket', () => {
  it('is read where a word says that it is approved', () => {
    expect(read('Approved')).toMatchObject({ kind: 'notices', notices: [{ kind: 'event' }] });
  });

  it('asks nothing where the word is another, or none was chosen', () => {
    for (const word of ['Open', '', 7, null]) expect(read(word)).toMatchObject({ kind: 'notices', notices: [] });
  });

  it.each([
    ['an object', { value: 'Approved' }],
    ['a list', ['Approved']],
    ['what cannot be made a text', { toString: null, valueOf: null }],
  ])('cannot be read where there is %s instead', (_, status) => {
    const violations = [{ pointer: '/fields/status/name', detail: 'must be one word' }];
    expect(read(status)).toMatchObject({ kind: 'notices', notices: [{ kind: 'unreadable', violations }] });
  });
});
