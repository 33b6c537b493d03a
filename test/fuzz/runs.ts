/** How long is fuzzed: briefly and always the same in `npm test`; `FUZZ_RUNS=5000` for that many tries of each kind, never the same. */
import fc from 'fast-check';

const asked = Number(process.env['FUZZ_RUNS'] ?? 0);

/** @param brief how many tries `npm test` makes. */
export function fuzz<Ts extends [unknown, ...unknown[]]>(
  property: fc.IAsyncProperty<Ts>,
  brief: number,
): Promise<void> {
  const seed = process.env['FUZZ_SEED'];
  return fc.assert(property, {
    numRuns: asked || brief,
    // What fails is told with its seed.
    ...(asked ? seed && { seed: Number(seed) } : { seed: 1 }),
    endOnFailure: false,
  });
}
