/** What a load run is measured with. */

/** How many seconds something takes. */
export async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

const MB = 1024 * 1024;

/** What this process holds; garbage collected where Node was started with --expose-gc. */
export function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / MB;
}

/** Watches how much memory this process has, until it is stopped and answers the most, in MB. */
export function watchRss(): { stop(): number } {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage().rss / MB);
  };
  const timer = setInterval(look, 100);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return peak;
    },
  };
}
