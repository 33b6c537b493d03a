/** The people who run it: every so often they let go whom the guard holds, look accounts up in the dashboard, and try again what needs somebody. */
import type { SandboxUser } from '../../infra/local/conscent-accounts.ts';
import type { RequestLine } from '../middleware/request.ts';
import { type Books, readBooks } from './books.ts';
import type { Machine } from './machine.ts';
import { numberOf } from './people.ts';
import { BEARER } from './secrets.ts';
import type { Shift } from './shift.ts';
import { MINUTE } from './stories.ts';

/** A call that has had no answer by then never will, nor lands any more. */
const LOOK_AFTER_MS = 10 * MINUTE;
/** Nobody is seen to every time. */
const DILIGENCE = 0.5;
/** And every fifth never: so there is somebody at the end of whom it must have been said. */
const OVERLOOKED = 5;

/** One round. */
export async function operate(machine: Machine, shift: Shift): Promise<void> {
  const { chance, gate } = machine;
  const ask = (name: 'guard' | 'people' | 'jobs', line: RequestLine, kind: string) =>
    shift.ask(name, { ...line, headers: { ...BEARER, ...line.headers } }, (answer) => {
      if (answer && Number(answer.status) < 300) machine.tally.add(`operator ${kind}`);
    });
  const books = await readBooks(machine);
  gate.stir();
  if (books.people.some(({ attempt }) => attempt?.error === 'held'))
    ask('guard', { route: 'POST /guard/release' }, 'released the held');
  for (const number of strandedIn(books)) {
    if (number % OVERLOOKED !== 0 && chance.happens(DILIGENCE)) seeTo(machine, books, number, ask);
  }
}

type Ask = (name: 'guard' | 'people' | 'jobs', line: RequestLine, kind: string) => void;

/** Whom no call of ours will help any more. */
function strandedIn({ people }: Books): number[] {
  const stranded = people.filter(({ account, attempt }) => account?.state === 'unlinked' || attempt?.nextAt === null);
  return stranded
    .flatMap(({ account, facts }) => account?.email ?? facts.find(({ email }) => email)?.email ?? [])
    .map(numberOf);
}

function seeTo(machine: Machine, books: Books, number: number, ask: Ask): void {
  const { conscent, time, chronicle } = machine;
  const isTheirs = ({ email }: { email: string }) => numberOf(email) === number;
  const lastCall = conscent.calls.findLast(isTheirs);
  if (lastCall && time.now() - lastCall.at < LOOK_AFTER_MS) return;
  const what = whatToDo(books, conscent.users().find(isTheirs), `p${number}@paper.example`);
  if (what === null) return;
  chronicle.note(`person ${number}`, `an operator: ${what.kind}`);
  ask(what.name, what.line, what.kind);
}

/** Sends again where the account is known, links it where the dashboard shows it, and else says that there is none. */
function whatToDo(books: Books, user: SandboxUser | undefined, email: string) {
  const person = books.personOf(email);
  const params = { email };
  if (person?.account?.userId)
    return { name: 'people', line: { route: 'POST /people/{email}/reapply', params }, kind: 're-applied' } as const;
  if (user) {
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ userId: user.userId }) };
    const line = { route: 'PUT /people/{email}/account', params, ...json };
    return { name: 'people', line, kind: 'linked an account' } as const;
  }
  const job = person?.open.find(({ status }) => status === 'needs-attention');
  if (!job) return null;
  const line = { route: 'POST /jobs/{jobId}/retry', params: { jobId: job.jobId } };
  return { name: 'jobs', line, kind: 'tried a job again' } as const;
}
