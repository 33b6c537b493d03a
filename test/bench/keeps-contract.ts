/** Everybody who is measured does what the contract says, or nothing is measured. */
import type { Contender } from './bundles.ts';
import { emailOf, eventFor, type FunctionName } from './contract.ts';
import { FIRST } from './own-calls.ts';
import { startCold } from './process.ts';
import type { Stage } from './stage.ts';

/** Somebody whom no recorded call is about. */
const ANOTHER = 7;

interface Answer {
  statusCode?: number;
  body?: string;
  batchItemFailures?: unknown[];
}

/** @throws Error naming what a contender does not keep. */
export async function requireContract(stage: Stage, name: FunctionName, contender: Contender): Promise<void> {
  const require = (what: string, holds: boolean) => {
    if (!holds) throw new Error(`${contender} does not keep the contract of ${name}: ${what}`);
  };
  const ask = async (index: number, kind?: 'spoilt' | 'odd') => {
    stage.reset(name, [index]);
    const { environment } = stage.wire;
    const { answer } = await startCold(stage.bundles[name][contender], {
      event: eventFor(name, index, kind),
      environment,
    });
    return answer as Answer;
  };
  if (contender === 'floor' || (contender === 'bare' && name === 'reconcile')) {
    await ask(FIRST);
    require('the calls of ours', stage.wire.calls.length ===
      stage.calls[name][contender === 'floor' ? 'cold' : 'warm'].calls.length);
  } else if (name === 'reconcile') requireAccount(stage, await ask(ANOTHER), require);
  else {
    requireJob(stage, await ask(ANOTHER), require);
    require('another sender is refused', (await ask(ANOTHER, 'spoilt')).statusCode === 401);
    require('and nothing of theirs is stored', stage.wire.ledger.items('jobs').length === 0);
    if (contender !== 'bare') require('an unknown member is refused', (await ask(ANOTHER, 'odd')).statusCode === 400);
  }
}

type Require = (what: string, holds: boolean) => void;

/** The account is there, and the job says so. */
function requireAccount({ wire }: Stage, { batchItemFailures }: Answer, require: Require): void {
  const [created, ...more] = wire.calls.filter(({ operation }) => operation === 'Conscent.POST');
  const flags = Object.values((created?.input['permissions'] ?? {}) as Record<string, boolean>);
  const [job] = wire.ledger.items('jobs');
  require('the message is done', batchItemFailures?.length === 0);
  require('one account', created?.input['email'] === emailOf(ANOTHER) && more.length === 0);
  require('with five of 24 flags', flags.length === 24 && flags.filter(Boolean).length === 5);
  require('the job has succeeded', job?.['status']?.S === 'succeeded');
}

/** One job, of which the sender is told and with which the queue is woken. */
function requireJob({ wire }: Stage, { statusCode, body = '{}' }: Answer, require: Require): void {
  const { jobs = [] } = JSON.parse(body) as { jobs?: { jobId: string; email: string }[] };
  const [told] = jobs;
  const [stored, ...more] = wire.ledger.items('jobs');
  const wakes = wire.calls.filter(({ operation }) => operation === 'SQS.SendMessage');
  require('it is accepted', statusCode === 202);
  require('the sender is told the job', jobs.length === 1 && told?.email === emailOf(ANOTHER));
  require('which is stored', stored?.['jobId']?.S === told?.jobId && more.length === 0);
  require('and the queue is woken', wakes.length === 1 &&
    wakes[0]?.input['MessageBody'] === JSON.stringify({ jobId: told?.jobId }));
}
