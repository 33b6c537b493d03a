/** The verdict on the jobs of a run: each has ended or waits for somebody who was told, and none says of itself what the rules do not. */
import type { Job } from '../../shared/lifecycle/job.ts';
import { endedElsewhere } from '../lifecycle/oracle.ts';
import type { Machine } from './machine.ts';
import type { Accepted } from './senders.ts';
import { type Evidence, saidOf } from './testimony.ts';
import type { Fault } from './verdict.ts';

const ENDED = ['succeeded', 'ignored', 'cancelled', 'held', 'needs-attention'];

/** What is wrong with the jobs of everything that was accepted. */
export function jobFaults(machine: Machine, evidence: Evidence): Fault[] {
  return evidence.accepted.flatMap((accepted) => {
    const { happening, jobId } = accepted;
    const job = evidence.books.jobs.get(jobId);
    const what = job ? faultOf(job, accepted, { machine, evidence }) : 'is not in the ledger';
    return what === null ? [] : [{ who: happening.who, what: `job ${jobId.slice(0, 6)} ${what}` }];
  });
}

interface Bench {
  machine: Machine;
  evidence: Evidence;
}

function faultOf(job: Job, accepted: Accepted, bench: Bench): string | null {
  const { status, effectiveAt, error } = job;
  const isAhead = status === 'scheduled' && Date.parse(effectiveAt ?? '') > bench.machine.time.wall();
  if (!ENDED.includes(status) && !isAhead) return `is still ${status}`;
  if (status !== 'needs-attention') return null;
  if (error?.code === 'identity-conflict' && !mayConflict(accepted, bench.evidence)) return 'is a conflict of nobody';
  if (error?.code === 'ended-elsewhere' && !mayHaveEnded(accepted, bench.evidence)) return 'was not ended elsewhere';
  return isTold(job, bench.machine) ? null : `needs attention (${error?.code}) and nobody was told`;
}

function isTold({ jobId, personId }: Job, { output }: Machine): boolean {
  return output.alarms.some((alarm) => alarm.jobId === jobId || (personId !== null && alarm.personId === personId));
}

/** Rule 4: it hires under an address from before a rename, and by no employee id that is known to be theirs. */
function mayConflict({ happening: { who, told } }: Accepted, { accepted }: Evidence): boolean {
  const isRename = ({ happening }: Accepted) =>
    happening.who === who && happening.told.by === 'api' && happening.told.event.person.previousEmail !== undefined;
  const hires = told.by === 'bamboohr' || (told.event.type === 'onboard' && told.event.person.email === who.email);
  return hires && accepted.some(isRename);
}

/** Rule 3: another source stated the end. */
function mayHaveEnded({ happening: { who }, jobId }: Accepted, evidence: Evidence): boolean {
  return endedElsewhere(saidOf(who, evidence), 'UTC').includes(jobId);
}
