import { expect, test } from 'vitest';
import { runLoad } from './load/run.ts';

const SMALL = { people: 100, batch: 100, webhooks: 100, parallel: 50, concurrency: 5, delayMs: 2, isolated: false };

test('under load nothing is lost, everybody holds what they must, and Conscent is never called more often at once than allowed', async () => {
  const report = await runLoad(SMALL);
  expect(report).toMatchObject({ lost: [], wrong: [], jobs: 200, accounts: 150 });
  expect(report.mostAtOnce).toBeGreaterThan(1);
  expect(report.mostAtOnce).toBeLessThanOrEqual(SMALL.concurrency);
  expect(report.burst.acceptMs).toHaveLength(100);
}, 180_000);
