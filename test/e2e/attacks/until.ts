/** Waits for what the worker does. */
import { expect, vi } from 'vitest';

/** Waits until a value is as it should be. */
export async function until<T>(value: () => Promise<T>, expected: T): Promise<void> {
  await vi.waitFor(async () => expect(await value()).toEqual(expected), { timeout: 40_000, interval: 40 });
}
