/** Metrics in CloudWatch's embedded format: a log line an invocation, no call. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Monitor } from '../lifecycle/ports.ts';

/** Counts what happens in one invocation. */
export interface Counter extends Pick<Monitor, 'count' | 'time'> {
  /** Writes what was counted; called once, at the end of an invocation. */
  flush(): void;
}

/**
 * Counters in the project's own namespace.
 * @param ledger the name of the jobs' table: it tells the systems apart that run in one account, a stage of each perhaps.
 */
export function createCounter(ledger: string): Counter {
  const metrics = new Metrics({
    namespace: 'ConscentLifecycle',
    serviceName: 'conscent-lifecycle',
    defaultDimensions: { ledger },
  });
  return {
    count: (metric, value = 1) => metrics.addMetric(metric, MetricUnit.Count, value),
    time: (metric, seconds) => metrics.addMetric(metric, MetricUnit.Seconds, seconds),
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
