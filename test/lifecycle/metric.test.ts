import { describe, expect, it } from 'vitest';
import { conscentStatus, metricNames } from '../../shared/lifecycle/metric.ts';

describe('the name of a metric', () => {
  it('is one of its own', () => {
    expect(new Set(metricNames()).size).toBe(metricNames().length);
  });

  it('is one that CloudWatch takes: printable ASCII, and no colon to begin with', () => {
    expect(metricNames().filter((name) => !/^[!-9;-~][ -~]{0,254}$/.test(name))).toEqual([]);
  });
});

describe('the status of an answer', () => {
  it('is counted by itself where Conscent or something on the way there is known to give it', () => {
    expect([200, 201, 429, 504].map(conscentStatus)).toEqual(['200', '201', '429', '504']);
  });

  it('is counted with the others where it is not, and as none where there is none', () => {
    expect([418, 302, null].map(conscentStatus)).toEqual(['other', 'other', 'none']);
  });
});
