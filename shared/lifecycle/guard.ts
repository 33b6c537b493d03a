/**
 * The guard (DESIGN rule 9): when more people lose their access at once than is usual, the rest are held until somebody has looked.
 *
 *   a revoke that takes access away ── few enough within the window ──▶ counted, then called
 *                                  └── too many ──▶ held ── an operator releases ──▶ called, and not counted
 *
 * A try that is repeated counts once, at its latest: what was tried long ago and succeeds only now happens now.
 */
import type { Account } from './account.ts';
import { type Instant, plusSeconds } from './effective-date.ts';

/** More than `limit` people and more than `percent` of those with access, within the window, are too many. */
export interface GuardSettings {
  limit: number;
  percent: number;
  windowSeconds: number;
}

/** Somebody's loss of access. `released`: an operator let it through, so it counts for nobody else. */
interface Loss {
  at: Instant;
  released?: true;
}

/** What is remembered of those who lost their access within the window, by person id. */
export interface Guard {
  losses: Record<string, Loss>;
  /** When it was last alarmed that people are held. */
  alarmedAt: Instant | null;
  /** How many held access, or lost it within the window, when they were last counted. */
  counted?: { at: Instant; people: number };
}

// Everybody who leaves writes the one record, which has room for 400 KB.
const MAX_RELEASED = 1_000;
/** Counting reads an index as long as the list of people; done for every leaver, a tenth of 10,000 would read it 1,000 times. */
const COUNT_SECONDS = 60;

/** Nobody lost anything. */
export const NO_LOSSES: Guard = { losses: {}, alarmedAt: null };

/** Whether a revoke would take something away, as far as is known. Only such a revoke concerns the guard. */
export function holdsAccess(account: Account | null): boolean {
  if (account === null) return false;
  if (account.access === null) return true;
  if (account.access !== 'none' && account.access.permissions.length > 0) return true;
  // What was not there, or was taken away, may have been given by an update that was never answered.
  return account.state === 'unsure' && account.revocation === null;
}

/** Somebody who is about to lose their access. */
export interface Leaver {
  personId: string;
  isReleased: boolean;
}

/** The guard with one more loss, which is counted before it happens; what has left the window is forgotten. */
export function withLoss(guard: Guard, { personId, isReleased }: Leaver, now: Instant, settings: GuardSettings): Guard {
  const losses = Object.fromEntries(recent(guard, now, settings));
  // Who has counted within the window goes on counting: releasing them later makes room for nobody.
  const counts = !isReleased || (losses[personId] && !losses[personId].released);
  const loss: Loss = { at: now, ...(!counts && { released: true as const }) };
  return { ...guard, losses: withinBounds({ ...losses, [personId]: loss }) };
}

/** Released ones count against nobody, so of too many the oldest are forgotten. */
function withinBounds(losses: Guard['losses']): Guard['losses'] {
  const surplus = Object.values(losses).filter(({ released }) => released).length - MAX_RELEASED;
  if (surplus <= 0) return losses;
  let forgotten = 0;
  const kept = Object.entries(losses).filter(([, { released }]) => !released || ++forgotten > surplus);
  return Object.fromEntries(kept);
}

/** The guard with everybody counted. @param active the ids of all who hold access now; those who lost it within the window count too. */
export function withCount(guard: Guard, active: readonly string[], now: Instant, settings: GuardSettings): Guard {
  const all = new Set([...active, ...recent(guard, now, settings).map(([id]) => id)]);
  return { ...guard, counted: { at: now, people: all.size } };
}

/** Whether the last count is good still. */
export function isCounted({ counted }: Guard, now: Instant): boolean {
  return counted !== undefined && plusSeconds(counted.at, COUNT_SECONDS) > now;
}

/** Whether somebody may lose access whoever else there is: released, counted already, or one of few. */
export function isAmongFew(
  guard: Guard,
  { personId, isReleased }: Leaver,
  now: Instant,
  settings: GuardSettings,
): boolean {
  const losing = losingIds(guard, now, settings);
  return isReleased || losing.has(personId) || losing.size < settings.limit;
}

/** Whether somebody may lose access because they are few among all who were counted. */
export function isSmallShare(guard: Guard, { personId }: Leaver, now: Instant, settings: GuardSettings): boolean {
  const losing = losingIds(guard, now, settings).add(personId);
  return losing.size * 100 <= settings.percent * (guard.counted?.people ?? 0);
}

/** The ids of those who were to lose their access within the window, released ones included. */
export function lossesWithin(guard: Guard | null, now: Instant, settings: GuardSettings): string[] {
  return guard ? recent(guard, now, settings).map(([id]) => id) : [];
}

/** Whether it is time to say again that people are held: once a window. */
export function isAlarmDue({ alarmedAt }: Guard, now: Instant, { windowSeconds }: GuardSettings): boolean {
  return alarmedAt === null || plusSeconds(alarmedAt, windowSeconds) <= now;
}

function losingIds(guard: Guard, now: Instant, settings: GuardSettings): Set<string> {
  return new Set(recent(guard, now, settings).flatMap(([id, { released }]) => (released ? [] : [id])));
}

function recent({ losses }: Guard, now: Instant, { windowSeconds }: GuardSettings): [id: string, loss: Loss][] {
  const since = plusSeconds(now, -windowSeconds);
  return Object.entries(losses).filter(([, { at }]) => at > since);
}
