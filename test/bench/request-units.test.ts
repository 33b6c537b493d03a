import { expect, test } from 'vitest';
import { requestUnits } from './request-units.ts';
import type { Item } from './wire/ledger.ts';

const put = (table: string, item: Item, stored?: Item) =>
  requestUnits({
    operation: 'DynamoDB.PutItem',
    path: '/',
    headers: {},
    input: { TableName: table, Item: item },
    stored,
  });
const text = (length: number) => ({ S: 'x'.repeat(length) });
const pointer = { id: text(20), personId: text(36) };

test('an item in no index is written for its size alone, by the KB that has begun', () => {
  expect(put('people', pointer)).toEqual({ reads: 0, writes: 1 });
  expect(put('people', { ...pointer, more: text(1024) })).toEqual({ reads: 0, writes: 2 });
});

test('a write that shrinks an item costs what the larger one was', () => {
  expect(put('people', pointer, { ...pointer, more: text(3000) }).writes).toBe(3);
});

test('an index is written where the item comes into it, leaves it or moves in it, and not where it stays', () => {
  const waiting = { ...pointer, wakeShard: text(7), wakeAt: text(24) };
  expect(put('people', waiting).writes).toBe(2);
  expect(put('people', waiting, waiting).writes).toBe(1);
  expect(put('people', pointer, waiting).writes).toBe(2);
  expect(put('people', { ...waiting, wakeAt: { S: 'later' } }, waiting).writes).toBe(3);
});

test('a consistent read is a unit for each 4 KB, also of what is not there', () => {
  const get = (stored?: Item) =>
    requestUnits({ operation: 'DynamoDB.GetItem', path: '/', headers: {}, input: { TableName: 'jobs' }, stored }).reads;
  expect([get(), get(pointer), get({ jobId: text(4100) })]).toEqual([1, 1, 2]);
});

test('what is no call to a table costs no units', () => {
  const input = { QueueUrl: 'q', MessageBody: '{}' };
  expect(requestUnits({ operation: 'SQS.SendMessage', path: '/', headers: {}, input })).toEqual({
    reads: 0,
    writes: 0,
  });
});
