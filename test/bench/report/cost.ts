import { join } from 'node:path';
import { readYml } from '../../../infra/yml.ts';
import { metricNames } from '../../../shared/lifecycle/metric.ts';
import type { ColdSamples } from '../cold.ts';
import type { FunctionName } from '../contract.ts';
import { billedMetrics, type Cost, costOf, durationMs, type Invoked, together, totalOf } from '../cost.ts';
import type { Measured, OwnCalls } from '../own-calls.ts';
import prices from '../prices.json' with { type: 'json' };
import { quantile } from '../statistics.ts';
import type { WarmSamples } from '../warm.ts';
import { table } from './table.ts';

const MILLION = 1e6;
const SWEEPS_A_MONTH = 30 * 24 * 60;
const USERS = 500;

/** What was measured that costs something. */
export interface Measurements {
  calls: Record<Measured, OwnCalls>;
  cold: Record<FunctionName, ColdSamples>;
  warm: Record<FunctionName, WarmSamples>;
  /** CPU milliseconds of a sweep with nothing due. */
  sweepCpuMs: number;
}

/** The section on money. */
export function costSection(measured: Measurements): string {
  const warm = together(
    costOf(MILLION, invoked(measured, 'webhooks', 'warm')),
    costOf(MILLION, invoked(measured, 'reconcile', 'warm')),
  );
  const cold = together(
    costOf(MILLION, invoked(measured, 'webhooks', 'cold')),
    costOf(MILLION, invoked(measured, 'reconcile', 'cold')),
  );
  const standing = standingCost(measured);
  return [
    '## Cost',
    '',
    `Dollars at the list prices of ${prices.region} as of ${prices.asOf} (test/bench/prices.json, with its sources). ${prices.check}`,
    '',
    `A million webhooks of people who join, from the request to the account: where every event meets a warm process, and where every one starts two. The calls, CPU time and log bytes are measured here; CPU time counts ${(1769 / 512).toFixed(1)} times, as a function of 512 MB has less than a third of a CPU, on the assumption that its core is as fast as this one. ${prices.assumed.why}`,
    '',
    dollars(['', 'warm', 'cold'], warm, cold),
    '',
    'X-Ray counts two traces an event, one of each function, and all of them: Lambda traces one invocation a second and 5 % of what is beyond, so a million spread over a month are nearly all traced, and a burst hardly is. Nobody can change that rate; the first 100,000 a month are free, and `tracing: PassThrough` (serverless.yml) traces none.',
    '',
    'What a month costs if nothing happens: the sweep once a minute, what is kept, and what watches. Metrics are an upper bound: one is billed for the hours in which it was published, and most of these never are. An alarm is billed for each metric that it looks at. The tables are encrypted with the key that AWS manages in the account for DynamoDB (`aws/dynamodb`): the key costs nothing, requests to it do. That of the secrets (`aws/secretsmanager`) and that of the queues (SQS’s own) cost neither.',
    '',
    dollars(['', 'a month'], standing),
    '',
    peersSection(totalOf(standing)),
  ].join('\n');
}

/** How long a warm worker takes with one person who joins, on AWS. */
export function workerMs(measured: Measurements): number {
  return durationMs(invoked(measured, 'reconcile', 'warm'));
}

function invoked({ calls, cold, warm }: Measurements, name: 'webhooks' | 'reconcile', when: 'cold' | 'warm'): Invoked {
  const median = (samples: readonly number[]) => quantile(samples, 0.5);
  const trigger = name === 'webhooks' ? 'http' : 'queue';
  const { logBytes } = calls[name];
  if (when === 'warm') {
    const cpuMs = median(warm[name].ours.map(({ cpu }) => cpu));
    return { calls: calls[name].warm.calls, cpuMs, logBytes, initMs: 0, trigger };
  }
  const starts = cold[name].ours;
  const initMs = median(starts.map(({ loaded }) => loaded));
  const cpuMs = median(starts.map(({ cpu, loading, loaded }) => Math.max(0, cpu - (loaded - loading))));
  return { calls: calls[name].cold.calls, cpuMs, logBytes, initMs, trigger };
}

function standingCost({ calls, sweepCpuMs }: Measurements): Cost {
  const { aws, assumed } = prices;
  const { logBytes, warm } = calls.sweep;
  const alarms = deployed('AWS::CloudWatch::Alarm');
  const alarmMetrics = alarms.reduce((sum, { Properties }) => sum + billedMetrics(Properties), 0);
  const sweeps = costOf(SWEEPS_A_MONTH, {
    calls: warm.calls,
    cpuMs: sweepCpuMs,
    logBytes,
    initMs: 0,
    trigger: 'schedule',
  });
  return together(sweeps, {
    SQS: (assumed.idlePollsPerMonth / 1e6) * aws.sqsPerMillion,
    'three secrets': 3 * aws.secretsPerMonth,
    'KMS, for the tables': (assumed.kmsRequestsPerMonth / 1e6) * aws.kmsRequestsPerMillion,
    [`${alarms.length} alarms on ${alarmMetrics} metrics`]: alarmMetrics * aws.alarmMetricPerMonth,
    dashboard: deployed('AWS::CloudWatch::Dashboard').length * aws.dashboardPerMonth,
    [`at most ${metricNames().length} metrics`]: metricNames().length * aws.metricPerMonth,
  });
}

interface Resource {
  Type: string;
  Properties: { Metrics?: object[] };
}

/** What watches, of a type. */
function deployed(type: string): Resource[] {
  const files = ['alarms.yml', 'alarms-aws.yml', 'dashboard.yml'].map((name) =>
    readYml(join(import.meta.dirname, '../../../infra', name)),
  ) as { Resources: Record<string, Resource> }[];
  return files.flatMap(({ Resources }) => Object.values(Resources)).filter(({ Type }) => Type === type);
}

function dollars(head: readonly string[], ...costs: readonly Cost[]): string {
  const names = Object.keys(together(...costs)).filter((name) => costs.some((cost) => (cost[name] ?? 0) > 0));
  const cells = (of: (cost: Cost) => number) => costs.map((cost) => of(cost).toFixed(2));
  const rows = names.map((name) => [name, ...cells((cost) => cost[name] ?? 0)]);
  return table(head, [...rows, ['**together**', ...cells(totalOf)]]);
}

function peersSection(standing: number): string {
  const rows = prices.peers.map(({ name, perUserMonth, source }) => [
    name,
    perUserMonth === null ? 'not published' : perUserMonth.toFixed(2),
    perUserMonth === null ? '' : (perUserMonth * USERS).toFixed(2),
    source,
  ]);
  return [
    `The published prices of products that do this among much else, for ${USERS} people. They are priced by the person and not by the event, govern many applications and not one, sign people in, and are run by somebody else; none of them reaches Conscent without a connector of one’s own. So this says what a month costs, and not that one is worth the other.`,
    '',
    table(
      ['', '$ a person and month', `$ for ${USERS} people`, 'source'],
      [['this, at rest', '', standing.toFixed(2), 'above'], ...rows],
    ),
  ].join('\n');
}
