/** What differs between two access policies, and for whom: lines made of policies and people. */
import { type AccessPolicy, type Attributes, policyAccess } from '../../shared/lifecycle/access-policy.ts';
import { type Access, PERMISSIONS, type Permission, permissionSet } from '../../shared/lifecycle/permission.ts';
import type { PolicyPerson } from './policy-people.ts';
import { ruleInWords } from './policy-report.ts';

/** Two policies, the second of which is to take the place of the first. */
export interface Change {
  before: AccessPolicy;
  after: AccessPolicy;
}

/** Per profile and per rule what is gone (`-`), new (`+`) or other (`~`). */
export function policyDifference(change: Change): string[] {
  const lines = [...profileLines(change), ...ruleLines(change)];
  return lines.length > 0 ? lines : ['no profile and no rule differs'];
}

function profileLines({ before, after }: Change): string[] {
  const names = new Set([...Object.keys(before.profiles), ...Object.keys(after.profiles)]);
  return [...names].flatMap((name) => {
    const [old, now] = [own(before.profiles, name), own(after.profiles, name)];
    if (!old || !now) return [`${old ? '-' : '+'} profile ${name}: ${accessInWords(old ?? now)}`];
    const steps = stepsBetween(old, now);
    return steps.length > 0 ? [`~ profile ${name}: ${steps.join('; ')}`] : [];
  });
}

function own(profiles: AccessPolicy['profiles'], name: string): Access | undefined {
  return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
}

function accessInWords(access: Access | undefined): string {
  const flags = permissionSet(access?.permissions ?? []);
  const shown = flags.length === PERMISSIONS.length ? `all ${flags.length} flags` : flags.join(', ') || 'no flags';
  return `role ${access?.role ?? 'none'}, ${shown}`;
}

/** A rule has no name: one that was edited is one that is gone and one that is new. */
function ruleLines({ before, after }: Change): string[] {
  const [old, now] = [before.rules.map(ruleInWords), after.rules.map(ruleInWords)];
  const gone = without(old, now).map(([index, rule]) => `- rule ${index + 1}: ${rule}`);
  const added = without(now, old).map(([index, rule]) => `+ rule ${index + 1}: ${rule}`);
  const isMoved = gone.length === 0 && added.length === 0 && old.join('\n') !== now.join('\n');
  const places = old.map((rule) => now.indexOf(rule) + 1);
  const moved = `~ order of the rules, of which the first match gives the role: old 1–${old.length} are now ${places.join(', ')}`;
  return [...gone, ...added, ...(isMoved ? [moved] : [])];
}

/** What a list has that the other has not, each repetition for itself. */
function without(rules: readonly string[], others: readonly string[]): [number, string][] {
  const left = [...others];
  return [...rules.entries()].filter(([, rule]) => {
    const at = left.indexOf(rule);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function stepsBetween(before: Access | null, after: Access | null): string[] {
  const gained = flagsOnlyOf(after, before);
  const lost = flagsOnlyOf(before, after);
  return [
    ...(gained.length > 0 ? [`gains ${gained.join(', ')}`] : []),
    ...(lost.length > 0 ? [`loses ${lost.join(', ')}`] : []),
    ...(before?.role === after?.role ? [] : [`role ${before?.role ?? 'none'} → ${after?.role ?? 'none'}`]),
  ];
}

function flagsOnlyOf(one: Access | null, other: Access | null): Permission[] {
  return PERMISSIONS.filter((flag) => one?.permissions.includes(flag) && !other?.permissions.includes(flag));
}

/**
 * Who would gain or lose what, and how many.
 * Judged by the policies alone: as if everybody were employed and nobody had a grant.
 */
export function peopleDifference({ before, after }: Change, people: readonly PolicyPerson[]): string[] {
  const changes = people.map(({ label, attributes }) => ({
    label,
    before: held(before, attributes),
    after: held(after, attributes),
  }));
  const lines = changes.flatMap((one) => {
    const steps = stepsBetween(one.before, one.after);
    return steps.length > 0 ? [`${one.label}: ${steps.join('; ')}`] : [];
  });
  return [...lines, ...(lines.length > 0 ? [''] : []), ...totals(changes), ...flagTotals(changes)];
}

/** A role without a flag is no access (DESIGN rule 5). */
function held(policy: AccessPolicy, attributes: Attributes): Access | null {
  const access = policyAccess(policy, attributes);
  return access && access.permissions.length > 0 ? access : null;
}

interface HeldChange {
  before: Access | null;
  after: Access | null;
}

function totals(changes: readonly HeldChange[]): string[] {
  const count = (is: (change: HeldChange) => boolean) => changes.filter(is).length;
  const rows: [string, number][] = [
    ['people', changes.length],
    ['unchanged', count(({ before, after }) => stepsBetween(before, after).length === 0)],
    ['gain flags', count(({ before, after }) => flagsOnlyOf(after, before).length > 0)],
    ['lose flags', count(({ before, after }) => flagsOnlyOf(before, after).length > 0)],
    ['change role', count(({ before, after }) => before !== null && after !== null && before.role !== after.role)],
    ['gain access', count(({ before, after }) => before === null && after !== null)],
    ['lose all access', count(({ before, after }) => before !== null && after === null)],
  ];
  return rows.map(([what, number]) => `${what.padEnd(20)} ${number}`);
}

function flagTotals(changes: readonly HeldChange[]): string[] {
  return PERMISSIONS.flatMap((flag) => {
    const gained = changes.filter(({ before, after }) => flagsOnlyOf(after, before).includes(flag)).length;
    const lost = changes.filter(({ before, after }) => flagsOnlyOf(before, after).includes(flag)).length;
    return gained + lost > 0 ? [`  ${flag.padEnd(18)} +${gained} -${lost}`] : [];
  });
}
