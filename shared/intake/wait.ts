/** `Prefer: wait=N` (RFC 7240 §4.3): the answer is held back until nothing will move by itself any more. */

import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import { isFinished, type Job } from '../lifecycle/job.ts';
import type { World } from '../lifecycle/ports.ts';

const MAX_WAIT_SECONDS = 25;
const FIRST_LOOK_MS = 40;
const LAST_LOOK_MS = 500;

/** How long the caller would wait, in seconds, at most 25; `null` where nothing (or nonsense, which the RFC says to ignore) was asked. */
export function waitPreference(header: string | undefined): number | null {
  const unquoted = (header ?? '').replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) =>
    /^"\d+"$/.test(text) ? text.slice(1, -1) : '""',
  );
  const found = /(?:^|,)\s*wait\s*=\s*(\d{1,9})\s*(?:;|,|$)/i.exec(unquoted);
  return found ? Math.min(Number(found[1]), MAX_WAIT_SECONDS) : null;
}

/** The jobs as they are when all have settled, or when the wait is over. */
export async function waitForJobs(
  { jobs, clock }: Pick<World, 'jobs' | 'clock'>,
  waiting: readonly Job[],
  seconds: number,
): Promise<{ jobs: Job[]; areSettled: boolean }> {
  // The wait is the caller's own time, which no moved clock changes.
  const endsAtMs = performance.now() + seconds * 1000;
  const until = plusSeconds(clock.now(), seconds);
  let latest = [...waiting];
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 1.5, LAST_LOOK_MS)) {
    latest = await Promise.all(
      latest.map(async (job) => (isSettled(job, until) ? job : ((await jobs.get(job.jobId)) ?? job))),
    );
    const areSettled = latest.every((job) => isSettled(job, until));
    if (areSettled || performance.now() + pauseMs > endsAtMs) return { jobs: latest, areSettled };
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Whether a job will not move by itself within the wait. */
function isSettled({ status, effectiveAt }: Job, until: Instant): boolean {
  if (status === 'scheduled') return effectiveAt === null || effectiveAt > until;
  return isFinished(status) || status === 'needs-attention' || status === 'held';
}
