/** What the handlers write: alarms are kept, the rest is nobody's business in a run. */

import { currentWorker } from './workers.ts';

/** One alarm. */
export interface Alarm {
  code: string;
  personId?: string;
  jobId?: string;
}

export interface Output {
  alarms: Alarm[];
  /** Errors that a handler ended with, by what it says of them. */
  failures: Map<string, number>;
  /** To the terminal, past all this. */
  print(text: string): void;
}

/** Listens to everything the process writes from now on. */
export function listen(): Output {
  const print = process.stdout.write.bind(process.stdout);
  const output: Output = { alarms: [], failures: new Map(), print: (text) => void print(`${text}\n`) };
  const hear = (text: string | Uint8Array) => {
    // Of the dead nobody hears.
    if (currentWorker()?.isDead) return true;
    for (const line of String(text).split('\n')) note(output, line);
    return true;
  };
  process.stdout.write = hear;
  process.stderr.write = hear;
  return output;
}

function note({ alarms, failures, print }: Output, line: string): void {
  if (line === '') return;
  try {
    const { message, code, personId, jobId, reason = '' } = JSON.parse(line) as Record<string, string>;
    if (message === 'alarm')
      alarms.push({ code: String(code), ...(personId && { personId }), ...(jobId && { jobId }) });
    if (message === 'failed') failures.set(`${code} ${reason}`, (failures.get(`${code} ${reason}`) ?? 0) + 1);
  } catch {
    print(line);
  }
}
