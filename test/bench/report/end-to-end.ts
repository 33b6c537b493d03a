import type { Ceiling, Paced } from '../end-to-end.ts';
import { quantile } from '../statistics.ts';
import { table } from './table.ts';

/** How it was run, and how long a worker would take with one event on AWS. */
interface Setting {
  concurrency: number;
  conscentMs: number;
  workerMs: number;
}

/** The section on the whole road. */
export function endToEndSection(
  { paced, ceiling }: { paced: readonly Paced[]; ceiling: Ceiling },
  { concurrency, conscentMs, workerMs }: Setting,
): string {
  const rows = paced.map(({ perSecond, acceptMs, changedMs }) => {
    const at = (samples: readonly number[], share: number) => quantile(samples, share).toFixed(0);
    const accept = [at(acceptMs, 0.5), at(acceptMs, 0.99)];
    return [String(perSecond), ...accept, at(changedMs, 0.5), at(changedMs, 0.99), String(acceptMs.length)];
  });
  const { events, acceptedPerSecond, changedPerSecond, cpuShare } = ceiling;
  return [
    '## End to end',
    '',
    `Signed webhooks of people who join, through the real handlers to the account at a Conscent that takes ${conscentMs} ms; ${concurrency} workers on the queue. All handlers share one thread here, and the embedded DynamoDB and SQS another process; on AWS every invocation has a process of its own. Milliseconds from when an event was due.`,
    '',
    table(['events a second', 'accept p50', 'accept p99', 'changed p50', 'changed p99', 'samples'], rows),
    '',
    `As fast as it goes, ${events} events, 50 at once: ${acceptedPerSecond.toFixed(0)} a second accepted while the workers work too, ${changedPerSecond.toFixed(0)} a second until the last account is there. The handlers’ thread used ${(cpuShare * 100).toFixed(0)} % of one core meanwhile; the rest is waiting for the embedded services.`,
    '',
    `On AWS what bounds it is \`CONSCENT_MAX_CONCURRENCY\`, which protects Conscent: ${concurrency} workers that take ${workerMs.toFixed(0)} ms each, with the waits that are assumed under *Cost*, make ${((concurrency * 1000) / workerMs).toFixed(0)} changes a second. Accepting is bounded by the account’s Lambda concurrency and the gateway’s throttle.`,
  ].join('\n');
}
