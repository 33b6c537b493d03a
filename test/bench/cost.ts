/** What events cost on AWS: measured calls, CPU time and log bytes, times the price list. What is assumed stands in the price list, too. */

import prices from './prices.json' with { type: 'json' };
import { requestUnits } from './request-units.ts';
import type { Call } from './wire/wire.ts';

/** serverless.yml; a function of 1,769 MB has one whole CPU (AWS Lambda Developer Guide, "Configure Lambda function memory"). */
const MEMORY_MB = 512;
const CPU_SHARE = MEMORY_MB / 1769;

/** One invocation as it was measured. */
export interface Invoked {
  calls: readonly Call[];
  cpuMs: number;
  logBytes: number;
  /** Milliseconds that the runtime takes to load the bundle, with a whole CPU; none where it is warm. */
  initMs: number;
  trigger: 'http' | 'queue' | 'schedule';
}

/** Dollars, by what they are for. */
export type Cost = Record<string, number>;

/** What so many such invocations cost. */
export function costOf(times: number, { calls, cpuMs, logBytes, initMs, trigger }: Invoked): Cost {
  const { aws, assumed } = prices;
  const gigabytes = MEMORY_MB / 1024;
  const millions = times / 1e6;
  const units = calls.map(requestUnits);
  const sum = (of: (unit: (typeof units)[number]) => number) => units.reduce((total, unit) => total + of(unit), 0);
  const count = (service: string) => calls.filter(({ operation }) => operation.startsWith(`${service}.`)).length;
  // A message is received and deleted, too.
  const queueCalls = count('SQS') + (trigger === 'queue' ? 2 : 0);
  const logged = logBytes + assumed.lambdaLogBytes + (trigger === 'http' ? assumed.accessLogBytes : 0);
  return {
    'API Gateway': trigger === 'http' ? millions * aws.httpApiPerMillion : 0,
    'Lambda, requests': millions * aws.lambdaRequestsPerMillion,
    'Lambda, duration': times * gigabytes * (durationMs({ calls, cpuMs, initMs }) / 1000) * aws.lambdaArmPerGbSecond,
    'DynamoDB, writes': millions * sum(({ writes }) => writes) * aws.dynamodbWritesPerMillion,
    'DynamoDB, reads': millions * sum(({ reads }) => reads) * aws.dynamodbReadsPerMillion,
    SQS: millions * queueCalls * aws.sqsPerMillion,
    'Secrets Manager': millions * count('SecretsManager') * aws.secretCallsPerMillion,
    'CloudWatch Logs': (times * logged * aws.logsPerGb) / 1e9,
    // One a second and 5 % of the rest: of what is spread over a month that is nearly every one.
    'X-Ray': millions * aws.xrayTracesPerMillion,
  };
}

/** How long an invocation takes on AWS: its share of a CPU, and the waits that are assumed. */
export function durationMs({ calls, cpuMs, initMs }: Pick<Invoked, 'calls' | 'cpuMs' | 'initMs'>): number {
  const answers: Record<string, number> = prices.assumed.answerMs;
  const waitMs = calls.reduce((sum, { operation }) => sum + (answers[operation.split('.')[0] ?? ''] ?? 0), 0);
  return initMs + cpuMs / CPU_SHARE + waitMs;
}

/** How many metrics an alarm is billed for: one, or as many as its expression looks at. */
export function billedMetrics({ Metrics }: { Metrics?: readonly object[] }): number {
  return Metrics ? Metrics.filter((metric) => 'MetricStat' in metric).length : 1;
}

/** Costs added up, name by name. */
export function together(...costs: readonly Cost[]): Cost {
  const names = [...new Set(costs.flatMap((cost) => Object.keys(cost)))];
  return Object.fromEntries(names.map((name) => [name, costs.reduce((sum, cost) => sum + (cost[name] ?? 0), 0)]));
}

/** All of a cost. */
export function totalOf(cost: Cost): number {
  return Object.values(cost).reduce((sum, dollars) => sum + dollars, 0);
}
