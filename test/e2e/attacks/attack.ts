/** What an attack is: a row of the table in docs/security.md, and what is done so that its outcome is a real one. */
import type { Stage } from './stage.ts';

/** What came back. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, unknown>>;
  text: string;
  /** Whether the gateway answered, and no handler of ours. */
  isGateways?: boolean;
}

/** A job as the ledger has it, as far as attacks look at it. */
export interface LedgerJob {
  jobId: string;
  source: string;
  deliveryId: string;
  type?: string;
  email?: string;
  status: string;
  outcome?: string | null;
  error?: { code: string } | null;
  history: { detail: string }[];
  [member: string]: unknown;
}

/** What an attack came to. */
export interface Seen {
  stage: Stage;
  answers: Answer[];
  /** The jobs that were not there before. */
  jobs: LedgerJob[];
}

/** One attack. */
export interface Attack {
  /** What must not come to pass, as a rule. */
  rule: string;
  /** What is sent, for people. */
  sent: string;
  /** Everything that must be there before, such as a victim. Its jobs are none of the attack's. */
  given?(stage: Stage): Promise<unknown>;
  /** @param canary must not be found in an answer, a log line or the ledger afterwards. */
  send(stage: Stage, canary: string): Promise<Answer | Answer[]>;
  /** What is answered, as `answeredIn` writes it. */
  answered: string;
  /** What is stored, as `storedIn` writes it. */
  stored: string;
  /** What must hold besides; `that` is on the page. */
  besides?: { that: string; holds(seen: Seen): void | Promise<void> };
}

/** A family of attacks: a heading of the page. */
export interface Family {
  title: string;
  /** What they have in common, and what stops them. */
  about: string;
  attacks: readonly Attack[];
}

/** A list of texts in order, each named once. */
const once = (texts: readonly string[]) => [...new Set(texts)].join(', ');

/** What was answered: statuses and the codes of problems. */
export function answeredIn(answers: readonly Answer[]): string {
  return once(
    answers.map(({ status, text, isGateways }) => {
      if (isGateways) return `${status} by the gateway`;
      const code = /"type":"urn:conscent-lifecycle:problem:([a-z-]+)"/.exec(text)?.[1];
      return [status, code].filter(Boolean).join(' ');
    }),
  );
}

/** What was stored: how many jobs, and how they stand. */
export function storedIn(jobs: readonly LedgerJob[]): string {
  if (jobs.length === 0) return 'nothing';
  const standing = ({ status, error, outcome }: LedgerJob) =>
    [status, ...[error?.code ?? outcome].filter(Boolean).map((why) => `(${why})`)].join(' ');
  return `${jobs.length === 1 ? 'a job' : `${jobs.length} jobs`}: ${once(jobs.map(standing).sort())}`;
}
