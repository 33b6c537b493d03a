/** The people who run it: every so often they let go whom the guard holds, look accounts up in the dashboard, and try again what needs somebody. */
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
    if (chance.happens(DILIGENCE)) seeTo(machine, books, number, ask);
  }
}

type Ask = (name: 'guard' | 'people' | 'jobs', line: RequestLine, kind: string) => void;

/** Whom no call of ours will help any more. */
function strandedIn({ people }: Books): number[] {
  const stranded = people.filter(({ account, attempt }) => account?.state === 'unlinked' || attempt?.nextAt === null);
  return stranded.flatMap(({ account, facts }) => account?.email ?? facts.find(({ email }) => email)?.email ?? []).map(numberOf);
}

function seeTo(machine: Machine, books: Books, number: number, ask: Ask): void {
  const { conscent, time } = machine;
  const isTheirs = ({ email }: { email: string }) => numberOf(email) === number;
  const lastCall = conscent.calls.findLast(isTheirs);
  if (lastCall && time.now() - lastCall.at < LOOK_AFTER_MS) return;
  const email = `p${number}@paper.example`;
  const person = books.personOf(email);
  const user = conscent.users().find(isTheirs);
  const params = { email };
  const note = (text: string) => machine.chronicle.note(`person ${number}`, `an operator ${text}`);
  if (person?.account?.userId) {
    note('re-applies');
    return ask('people', { route: 'POST /people/{email}/reapply', params }, 're-applied');
  }
  if (user) {
    note('links the account');
    const body = JSON.stringify({ userId: user.userId });
    const line = { route: 'PUT /people/{email}/account', params, headers: { 'content-type': 'application/json' }, body };
    return ask('people', line, 'linked an account');
  }
  const job = person?.open.find(({ status }) => status === 'needs-attention');
  if (!job) return;
  note('says that there is no account');
  ask('jobs', { route: 'POST /jobs/{jobId}/retry', params: { jobId: job.jobId } }, 'tried a job again');
}
