import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSweeper } from '../../../infra/local/sweeper.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A sweep that goes on until it is told to end. */
function slowSweep() {
  const ends: (() => void)[] = [];
  const sweep = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
  const end = async () => {
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { sweep, end };
}

test('it sweeps at once and then at every interval', async () => {
  const sweep = vi.fn(() => Promise.resolve());
  const sweeper = startSweeper(sweep, 60);
  expect(sweep).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(sweep).toHaveBeenCalledTimes(3);
  sweeper.stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(sweep).toHaveBeenCalledTimes(3);
});

test('a sweep that takes longer than the interval is not joined by another', async () => {
  const { sweep, end } = slowSweep();
  const sweeper = startSweeper(sweep, 1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sweep).toHaveBeenCalledTimes(1);
  await end();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sweep).toHaveBeenCalledTimes(2);
  sweeper.stop();
});

test('asked while it sweeps, it sweeps once more right after, however often it was asked', async () => {
  const { sweep, end } = slowSweep();
  const sweeper = startSweeper(sweep, 60);
  const asked = Promise.all([sweeper.sweepNow(), sweeper.sweepNow()]);
  expect(sweep).toHaveBeenCalledTimes(1);
  await end();
  expect(sweep).toHaveBeenCalledTimes(2);
  await end();
  await asked;
  expect(sweep).toHaveBeenCalledTimes(2);
  sweeper.stop();
});

test('a sweep that fails does not end the schedule', async () => {
  const sweep = vi.fn(() => Promise.reject(new Error('no table')));
  const sweeper = startSweeper(sweep, 60);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sweep).toHaveBeenCalledTimes(2);
  sweeper.stop();
});
