import { expect, test } from 'vitest';
import { billedMetrics, costOf, together, totalOf } from './cost.ts';

const send = { operation: 'SQS.SendMessage', path: '/', headers: {}, input: { QueueUrl: 'q' } };
const nothing = { calls: [], cpuMs: 0, logBytes: 0, initMs: 0 };

test('a million requests cost what the price list says of each service that they touch', () => {
  const cost = costOf(1e6, { ...nothing, calls: [send], trigger: 'http' });
  expect(cost).toMatchObject({ 'API Gateway': 1, 'Lambda, requests': 0.2, SQS: 0.4, 'X-Ray': 5 });
  // 8 ms of waiting for SQS, at half a GB: 4,000 GB-seconds.
  expect(cost['Lambda, duration']).toBeCloseTo(4_000 * 0.0000133334, 9);
});

test('a function of 512 MB has 512/1769 of a CPU, but a whole one while it starts', () => {
  const warm = costOf(1e6, { ...nothing, cpuMs: 512, trigger: 'schedule' });
  expect(warm['Lambda, duration']).toBeCloseTo(1769 * 0.5 * 1000 * 0.0000133334, 6);
  const cold = costOf(1e6, { ...nothing, initMs: 512, trigger: 'schedule' });
  expect(cold['Lambda, duration']).toBeCloseTo(512 * 0.5 * 1000 * 0.0000133334, 6);
});

test('a message that wakes a function is received and deleted, too', () => {
  expect(costOf(1e6, { ...nothing, trigger: 'queue' })['SQS']).toBeCloseTo(0.8, 9);
});

test('an alarm is billed for each metric that it looks at, and not for the expression over them', () => {
  expect(billedMetrics({})).toBe(1);
  const several = [{ Id: 'all', Expression: 'SUM(METRICS())' }, { MetricStat: {} }, { MetricStat: {} }];
  expect(billedMetrics({ Metrics: several })).toBe(2);
});

test('costs are added up name by name', () => {
  expect(together({ a: 1, b: 2 }, { b: 3 })).toEqual({ a: 1, b: 5 });
  expect(totalOf({ a: 1, b: 5 })).toBe(6);
});
