/** Links one imported account. Nothing is sent to Conscent here; where employment is known the worker is woken. */
import { type Account, linkedAccount } from '../lifecycle/account.ts';
import { Problem } from '../lifecycle/errors.ts';
import { foldPerson, losesAccess, newPerson, type Person, record, type View, viewAt } from '../lifecycle/person.ts';
import { Conflict, type World } from '../lifecycle/ports.ts';
import type { AccountLine } from './import-line.ts';
import { busy, personBehind, reserveUserId } from './reserve-user-id.ts';

const TRIES = 8;

/**
 * Links an account to the person with its address, or to somebody new of whom nothing else is known.
 *
 * Order of writes, as in correlation: the address of somebody new → the userId → the person. A crash in between leaves pointers to
 * somebody who was never written, whom the next import, or the next event, makes real.
 * @param by the token's name, for the audit.
 * @throws Problem saying what to do, where the account cannot be this person's or a call for them is under way.
 */
export async function importAccount(
  world: World,
  account: AccountLine,
  by: string,
  tries = TRIES,
): Promise<'linked' | 'unchanged'> {
  try {
    return await linkOnce(world, account, by);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    if (tries <= 1) throw busy();
    return importAccount(world, account, by, tries - 1);
  }
}

async function linkOnce(world: World, line: AccountLine, by: string): Promise<'linked' | 'unchanged'> {
  const { email, userId } = line;
  const [pointer = null] = await world.people.find([{ kind: 'email', email }]);
  const person = pointer === null ? newPerson(world.newId()) : await personBehind(world.people, pointer);
  const held = person.account?.userId ?? null;
  // What Conscent itself has acknowledged since outranks a file.
  if (held === userId) return 'unchanged';
  if (held !== null) {
    const detail = 'The person is linked to another userId; use PUT /people/{email}/account.';
    throw new Problem('invalid-state', detail);
  }
  await reserveUserId(world, person, { userId, ...(pointer === null && { newAddress: email }) });
  await save(world, person, line, by);
  return 'linked';
}

async function save(world: World, person: Person, line: AccountLine, by: string): Promise<void> {
  const { clock, people, policy, settings, queue, monitor } = world;
  const now = clock.now();
  const view = viewAt(foldPerson(person, settings.defaultZone), policy, now);
  const account = accountOf(line, person, view);
  const linked = record(
    { ...person, account, attempt: null, claim: null, claims: 0 },
    { at: now, what: 'account imported', by },
  );
  const isKnown = view.employment.state !== 'unknown';
  // A job that waits keeps its person's wake, whatever is known of the employment.
  const isAwaited = isKnown || person.open.length > 0;
  await people.save(linked, isAwaited ? { at: now, isLeaver: losesAccess(linked, view.desired) } : null);
  if (isKnown) await queue.send({ personId: person.id }).catch(() => monitor.count('queue.unavailable'));
}

/** What the file says is held counts as acknowledged, except of a leaver: that theirs is gone only Conscent's own answer can tell. */
function accountOf({ userId, email, access }: AccountLine, person: Person, { employment }: View): Account {
  const account = { ...linkedAccount(userId, email), silent: person.account?.silent ?? false };
  const isBelieved = access !== undefined && employment.state !== 'ended';
  return isBelieved ? { ...account, state: 'linked', access } : account;
}
