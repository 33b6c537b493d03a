/** Metrics in CloudWatch's embedded format: a log line an invocation, no call. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Monitor } from '../lifecycle/ports.ts';

/** Counts what happens in one invocation. */
export interface Counter extends Pick<Monitor, 'count'> {
  /** Writes what was counted; called once, at the end of an invocation. */
  flush(): void;
}

/** Counters in the project's own namespace. */
export function createCounter(): Counter {
  const metrics = new Metrics({ namespace: 'ConscentLifecycle', serviceName: 'conscent-lifecycle' });
  return {
    count: (metric, value = 1) => metrics.addMetric(metric, MetricUnit.Count, value),
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
