import { expect, test } from 'vitest';
import { pairedRatio, quartiles } from './statistics.ts';

test('quartiles stand between the samples that are nearest to them', () => {
  expect(quartiles([4, 1, 3, 2])).toEqual({ q1: 1.75, median: 2.5, q3: 3.25, count: 4 });
  expect(quartiles([5, 1, 4, 2, 3])).toEqual({ q1: 2, median: 3, q3: 4, count: 5 });
  expect(quartiles([7])).toEqual({ q1: 7, median: 7, q3: 7, count: 1 });
});

test('a ratio is taken round by round, so that a slow round slows nobody alone', () => {
  expect(pairedRatio([2, 20, 6], [1, 10, 2]).median).toBe(2);
  expect(pairedRatio([2, 20, 6], [1, 10, 2]).count).toBe(3);
});
