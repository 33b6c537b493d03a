/** The oracle's address of somebody: the newest that a source with a say over it stated and that is in force (rules 1 and 4). */
import { inOrder, type Said } from '../lifecycle/oracle.ts';

/** The address at an instant; `null` where none was ever said. */
export function addressAt(saids: readonly Said[], zone: string, now: number): string | null {
  const known = new Set<string>();
  let stated: { from: number; email: string }[] = [];
  let first: string | null = null;
  for (const { event, from, origin } of inOrder(saids, zone)) {
    const { email, previousEmail, externalId } = event.person;
    // An old address alone names its person and says nothing.
    const onlyNames = !externalId && !previousEmail && email !== undefined && known.has(email);
    for (const address of [previousEmail, email]) if (address) known.add(address);
    if (email === undefined || onlyNames) continue;
    if (!origin.authority.includes('attributes') && first !== null) continue;
    first ??= email;
    stated = [...stated.filter((older) => older.from < from), { from, email }];
  }
  return stated.findLast(({ from }) => from <= now)?.email ?? stated[0]?.email ?? first;
}
