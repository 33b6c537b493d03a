import { describe, expect, it } from 'vitest';
import { createCounter } from '../../shared/platform/metrics.ts';
import { written } from './output.ts';

describe('what is counted', () => {
  it('is one line of CloudWatch’s embedded format in the project’s namespace', () => {
    const line: unknown = JSON.parse(
      written(() => {
        const counter = createCounter();
        counter.count('accept.new');
        counter.count('alarm.unreadable', 3);
        counter.flush();
      }),
    );
    expect(line).toMatchObject({ 'accept.new': 1, 'alarm.unreadable': 3, service: 'conscent-lifecycle' });
    expect(line).toHaveProperty('_aws.CloudWatchMetrics.0.Namespace', 'ConscentLifecycle');
  });

  it('is written once: the next invocation begins at nothing', () => {
    const counter = createCounter();
    counter.count('accept.new');
    expect(written(() => counter.flush())).toContain('accept.new');
    expect(written(() => counter.flush())).toBe('');
  });

  it('twice is both', () => {
    const line: unknown = JSON.parse(
      written(() => {
        const counter = createCounter();
        counter.count('accept.new');
        counter.count('accept.new');
        counter.flush();
      }),
    );
    expect(line).toMatchObject({ 'accept.new': [1, 1] });
  });

  it('not at all is no line', () => {
    expect(written(() => createCounter().flush())).toBe('');
  });
});
