/** The schedule of the sweep: every so many seconds and whenever it is asked, never two at once. */

export interface Sweeper {
  /** Sweeps now, or once more right after the sweep that is running, which may have read the clock before it moved. */
  sweepNow(): Promise<void>;
  stop(): void;
}

/**
 * Starts with a sweep at once: what came due while nothing ran is not left for an interval.
 * @param sweep may throw; the next sweep does its work.
 */
export function startSweeper(sweep: () => Promise<unknown>, intervalSeconds: number): Sweeper {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const run = (): Promise<void> => {
    running = sweep()
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const sweepNow = (): Promise<void> => {
    if (!running) return run();
    next ??= running.then(() => {
      next = undefined;
      return run();
    });
    return next;
  };

  const timer = setInterval(() => {
    // The schedule skips a turn rather than queue up behind a sweep that takes longer than the interval.
    if (!running) void run();
  }, intervalSeconds * 1000);
  void run();
  return { sweepNow, stop: () => clearInterval(timer) };
}
