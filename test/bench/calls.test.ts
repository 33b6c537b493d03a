/** What an event costs is what it calls: the budget, counted at the wire from the bundles that deploy. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildOurs } from './bundles.ts';
import { type FunctionName, SECRETS } from './contract.ts';
import { callsOfOurs, type OwnCalls, recordFirst } from './own-calls.ts';
import { startWire } from './wire/wire.ts';

let calls: Record<FunctionName, OwnCalls>;
const folder = mkdtempSync(join(tmpdir(), 'bench-'));

beforeAll(async () => {
  const wire = await startWire(SECRETS);
  const { files } = await buildOurs(folder);
  calls = await callsOfOurs(wire, files, await recordFirst(wire, files.webhooks));
  await wire.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const operations = (name: FunctionName, when: keyof OwnCalls) =>
  calls[name][when].calls.map(({ operation }) => operation);

test.each(['webhooks', 'events'] as const)('%s: an accepted event is one write and one message', (name) => {
  expect(operations(name, 'warm')).toEqual(['DynamoDB.PutItem', 'SQS.SendMessage']);
});

test.each(['webhooks', 'events'] as const)('%s: a fresh process reads one secret besides', (name) => {
  expect(operations(name, 'cold').filter((operation) => operation.startsWith('SecretsManager'))).toHaveLength(1);
  expect(operations(name, 'cold')).toHaveLength(3);
});

test('reconcile: Conscent is called once for somebody who joins, and nobody is woken', () => {
  const made = operations('reconcile', 'warm');
  expect(made.filter((operation) => operation.startsWith('Conscent'))).toEqual(['Conscent.POST']);
  expect(made).not.toContain('SQS.SendMessage');
});
