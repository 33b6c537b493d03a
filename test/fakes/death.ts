/** Workers that die: at any point of their work, and never in a way that they could tell. */
import type { MemoryWorld } from './world.ts';

/** Lets a worker die at its nth touch of the world: from there on nothing it does reaches anybody. Answers where, or `null` where it lived. */
export async function dieAt(world: MemoryWorld, death: number, work: () => Promise<unknown>): Promise<string | null> {
  let touches = 0;
  let diedAt: string | null = null;
  world.setBlow((point) => {
    touches += 1;
    if (touches < death) return;
    diedAt ??= point;
    throw new Error(`died ${point}`);
  });
  await work().catch(() => {});
  world.setBlow(() => {});
  return diedAt;
}
