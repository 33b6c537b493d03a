import { describe, expect, it } from 'vitest';
import { createCounter } from '../../shared/platform/metrics.ts';
import { written } from './output.ts';

describe('what is counted', () => {
  it('is one line of CloudWatch’s embedded format in the project’s namespace', () => {
    const line: unknown = JSON.parse(
      written(() => {
        const counter = createCounter('jobs-of-the-tests');
        counter.count('accept.new');
        counter.count('alarm.unreadable', 3);
        counter.flush();
      }),
    );
    expect(line).toMatchObject({ 'accept.new': 1, 'alarm.unreadable': 3, service: 'conscent-lifecycle' });
    expect(line).toHaveProperty('_aws.CloudWatchMetrics.0.Namespace', 'ConscentLifecycle');
  });

  it('is told apart by the ledger that it is of: several stages may share an account', () => {
    const line: unknown = JSON.parse(
      written(() => {
        const counter = createCounter('jobs-of-the-tests');
        counter.count('accept.new');
        counter.flush();
      }),
    );
    expect(line).toMatchObject({ ledger: 'jobs-of-the-tests' });
    expect(line).toHaveProperty('_aws.CloudWatchMetrics.0.Dimensions', [['service', 'ledger']]);
  });

  it('may be a time, in seconds', () => {
    const line: unknown = JSON.parse(
      written(() => {
        const counter = createCounter('jobs-of-the-tests');
        counter.time('accepted.changed', 0.75);
        counter.flush();
      }),
    );
    expect(line).toMatchObject({ 'accepted.changed': 0.75 });
    expect(line).toHaveProperty('_aws.CloudWatchMetrics.0.Metrics.0.Unit', 'Seconds');
  });

  it('is written once: the next invocation begins at nothing', () => {
    const counter = createCounter('jobs-of-the-tests');
    counter.count('accept.new');
    expect(written(() => counter.flush())).toContain('accept.new');
    expect(written(() => counter.flush())).toBe('');
  });

  it('twice is both', () => {
    const line: unknown = JSON.parse(
      written(() => {
        const counter = createCounter('jobs-of-the-tests');
        counter.count('accept.new');
        counter.count('accept.new');
        counter.flush();
      }),
    );
    expect(line).toMatchObject({ 'accept.new': [1, 1] });
  });

  it('not at all is no line', () => {
    expect(written(() => createCounter('jobs-of-the-tests').flush())).toBe('');
  });
});
