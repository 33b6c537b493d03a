/** What an event costs is what it calls: the budget, counted at the wire from the bundles that deploy. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildOurs } from './bundles.ts';
import { SECRETS } from './contract.ts';
import { callsOfOurs, type Measured, type OwnCalls, recordFirst } from './own-calls.ts';
import { startWire } from './wire/wire.ts';

let calls: Record<Measured, OwnCalls>;
const folder = mkdtempSync(join(tmpdir(), 'bench-'));

beforeAll(async () => {
  const wire = await startWire(SECRETS);
  const { fileOf } = await buildOurs(folder);
  calls = await callsOfOurs(wire, fileOf, await recordFirst(wire, fileOf('webhooks')));
  await wire.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const ACCEPTING = ['DynamoDB.PutItem', 'SQS.SendMessage'];

const operations = (name: Measured, when: 'cold' | 'warm') => calls[name][when].calls.map(({ operation }) => operation);

test.each(['webhooks', 'events'] as const)('%s: an accepted event is one write and one message', (name) => {
  expect(operations(name, 'warm')).toEqual(ACCEPTING);
});

test('a fresh process reads one secret besides, and webhooks notes that a source was heard', () => {
  expect(operations('events', 'cold').sort()).toEqual([...ACCEPTING, 'SecretsManager.GetSecretValue']);
  expect(operations('webhooks', 'cold').sort()).toEqual([
    'DynamoDB.PutItem',
    ...ACCEPTING,
    'SecretsManager.GetSecretValue',
  ]);
});

test('reconcile: Conscent is called once for somebody who joins, and nobody is woken', () => {
  const made = operations('reconcile', 'warm');
  expect(made.filter((operation) => operation.startsWith('Conscent'))).toEqual(['Conscent.POST']);
  expect(made).not.toContain('SQS.SendMessage');
});
