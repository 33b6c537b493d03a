/** What many samples say together. */

/** The middle of samples and the quarter on either side of it. */
export interface Quartiles {
  q1: number;
  median: number;
  q3: number;
  count: number;
}

/** The value below which a share of the samples lies, interpolated between neighbours. @param share 0 to 1. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below = 0, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

/** The quartiles of samples. */
export function quartiles(samples: readonly number[]): Quartiles {
  const at = (share: number) => quantile(samples, share);
  return { q1: at(0.25), median: at(0.5), q3: at(0.75), count: samples.length };
}

/**
 * How many times as much one series took as the other: the median of the ratios, round by round. Those of one round were taken next to each other,
 * so that what slows the machine down slows both.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Quartiles {
  return quartiles(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}
