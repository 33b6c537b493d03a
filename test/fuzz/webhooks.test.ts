/** Every vendor's sample, changed and signed anew, through the handler and the worker; what is looked up is changed on its way, too. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newCanaries, type Sample } from '../fixtures/sample.ts';
import { SAMPLES } from '../fixtures/samples.ts';
import { type Mutation, mutated, mutations } from './mutation.ts';
import { fuzz } from './runs.ts';
import { faultsOf } from './sound.ts';
import { jobsOf, useStage } from './stage.ts';

const BRIEF = 60;

const stage = useStage();

/** A delivery with changes, and the record that it is about. */
async function deliver(sample: Sample, changes: readonly Mutation[]) {
  const canaries = newCanaries();
  const record = sample.record?.(canaries);
  if (record) stage.vendors.fake(sample.source)?.records.set(record.id, record.employee);
  const body = mutated(sample.body(canaries), changes);
  const headers = sample.headers(body, new Date(stage.world.clock.now()));
  const { source } = sample;
  const line = { route: 'POST /webhooks/{source}', path: `/webhooks/${source}`, params: { source }, headers, body };
  await stage.send('webhooks', line);
  return canaries.planted;
}

describe.each(SAMPLES)('what $source nearly sends', (sample) => {
  test('is answered, and each of its jobs says why it stands where it does', async () => {
    const standing = new Set<string>();
    const property = fc.asyncProperty(mutations, async (changes) => {
      stage.begin();
      const planted = await deliver(sample, changes);
      await stage.work();
      expect(faultsOf(stage, planted)).toEqual([]);
      for (const { error, status } of jobsOf(stage)) standing.add(error?.code ?? status);
    });
    await fuzz(property, BRIEF);
    // Some could be read and some could not: otherwise finding nothing would mean nothing.
    expect(standing).toContain('unreadable');
    expect(standing.size).toBeGreaterThan(1);
  });

  test.skipIf(!sample.record)(
    'may be looked up as anything: nothing throws, and nobody is left in the dark',
    async () => {
      const property = fc.asyncProperty(mutations, async (changes) => {
        stage.begin();
        stage.vendors.change((body) => mutated(body, changes));
        const planted = await deliver(sample, []);
        await stage.work();
        expect(faultsOf(stage, planted)).toEqual([]);
      });
      await fuzz(property, BRIEF);
    },
  );
});
