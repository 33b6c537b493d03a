/** The loop of a run: as long as anybody can get on, chance says who; else time passes. */
import type { Item } from './agenda.ts';
import type { Touch } from './gate.ts';
import type { Machine } from './machine.ts';
import type { Shift } from './shift.ts';

// CONSCENT_MAX_CONCURRENCY, and the rest of the functions.
const MOST_RECONCILING = 5;
const MOST_WORKERS = 8;
/** How long a touch of the world takes, at most. */
const TOUCH_MS = 15;

/** Plays until an instant, or until nothing is to happen any more. */
export async function playUntil(machine: Machine, shift: Shift, end: number): Promise<void> {
  const { time, gate, agenda } = machine;
  for (;;) {
    await gate.quiet();
    if (await getOn(machine, shift)) continue;
    const next = Math.min(time.next() ?? Number.POSITIVE_INFINITY, agenda.nextAfter(time.now()));
    if (next > end) return;
    time.moveTo(next);
  }
}

/** Lets somebody get on, if anybody can. */
async function getOn(machine: Machine, shift: Shift): Promise<boolean> {
  const { time, gate, agenda, chance } = machine;
  const mayReconcile = shift.reconciling < (machine.isOrderly ? 1 : MOST_RECONCILING);
  const due = gate.held.length < MOST_WORKERS ? agenda.due(time.now()) : [];
  const startable = due.filter(({ isWakeUp }) => !isWakeUp || mayReconcile);
  if (startable.length + gate.held.length === 0) return false;
  // In order, who has begun goes on, and of the others the first comes first.
  const first = gate.held.length > 0 ? startable.length : 0;
  const index = machine.isOrderly ? first : chance.whole(0, startable.length + gate.held.length - 1);
  const item = startable[index];
  if (item) begin(machine, item, startable);
  else await pass(machine, gate.held[index - startable.length]);
  return true;
}

function begin({ agenda, tally }: Machine, item: Item, startable: readonly Item[]): void {
  const isOvertaking = item.isWakeUp && startable.some(({ isWakeUp, at }) => isWakeUp && at < item.at);
  if (isOvertaking) tally.add('wake-ups reordered');
  agenda.take(item);
  item.start();
}

async function pass({ gate, time, chance }: Machine, touch: Touch | undefined): Promise<void> {
  if (touch) await gate.pass(touch);
  time.moveTo(time.now() + chance.whole(0, TOUCH_MS));
}
