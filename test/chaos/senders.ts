/** Who tells the system what happens: three senders, who send again until they are answered, and some who send more than once anyway. */
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import type { RequestLine, read } from '../middleware/request.ts';
import type { Machine } from './machine.ts';
import { BEARER, signedByBamboo, signedWebhook } from './secrets.ts';
import type { Shift } from './shift.ts';
import type { Happening } from './stories.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** An accepted happening. */
export interface Accepted {
  happening: Happening;
  jobId: string;
  /** When the sender first heard so, in true time. */
  at: number;
}

/** Sends whatever happens, when it is to be sent. Answers what was accepted, which grows. */
export function sendAll(
  machine: Machine,
  shift: Shift,
  happenings: readonly Happening[],
  onAccepted: (accepted: Accepted) => void,
): void {
  const { agenda, tally, hr } = machine;
  const heard = new Set<string>();
  for (const happening of happenings) {
    const { at, told, who, sentAt } = happening;
    if (told.by === 'bamboohr') agenda.add(at, () => hr.edit(who.employeeId ?? '', told.record));
    tally.add('event sent more than once', sentAt.length > 1 ? 1 : 0);
    tally.add('event sent late', (sentAt[0] ?? at) - at > 60_000 ? 1 : 0);
    const accepted = (jobId: string) => {
      if (heard.has(happening.id)) return;
      heard.add(happening.id);
      onAccepted({ happening, jobId, at: machine.time.now() });
    };
    for (const when of sentAt) agenda.add(when, () => send(machine, shift, happening, accepted));
  }
}

function send(machine: Machine, shift: Shift, happening: Happening, accepted: (jobId: string) => void): void {
  const { agenda, time, chance, tally } = machine;
  const { handler, line } = requestOf(happening, time.now());
  shift.ask(handler, line, (answer) => {
    const jobId = jobIn(answer);
    if (jobId !== null) return accepted(jobId);
    if (answer && answer.status !== 503) throw new Error(`${line.route} was answered ${answer.status}: ${answer.text}`);
    tally.add(answer ? 'sender answered 503' : 'sender not answered');
    agenda.add(time.now() + chance.whole(10_000, 90_000), () => send(machine, shift, happening, accepted));
  });
}

/** The job that was answered; `null` where nothing was accepted, or heard. */
export function jobIn(answer: ReturnType<typeof read> | null): string | null {
  if (answer === null || Number(answer.status) >= 300) return null;
  return (answer.body as { jobs: { jobId: string }[] }).jobs[0]?.jobId ?? null;
}

function requestOf(
  { told, id, at, who }: Happening,
  now: number,
): { handler: 'events' | 'webhooks'; line: RequestLine } {
  if (told.by === 'api') {
    const headers = { ...JSON_TYPE, ...BEARER, 'idempotency-key': id };
    return { handler: 'events', line: { route: 'POST /events', headers, body: JSON.stringify(told.event) } };
  }
  const body =
    told.by === 'bamboohr' ? thin(who.employeeId ?? '', at) : JSON.stringify(told.event satisfies CanonicalEvent);
  const signed = told.by === 'bamboohr' ? signedByBamboo(body, now) : signedWebhook(body, id, now);
  const route = 'POST /webhooks/{source}';
  return {
    handler: 'webhooks',
    line: { route, params: { source: told.by }, headers: { ...JSON_TYPE, ...signed }, body },
  };
}

function thin(employeeId: string, at: number): string {
  return JSON.stringify({ type: 'employee.updated', timestamp: new Date(at).toISOString(), data: { employeeId } });
}
