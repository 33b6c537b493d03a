import { batch } from '../shared/middleware/batch.ts';
import { MAX_RECEIVES, markCrashed } from '../shared/reconcile/crashed.ts';
import { readWakeUp, reconcile } from '../shared/reconcile/reconcile.ts';
import { wireWithSources } from '../shared/wiring.ts';

const { world, log } = wireWithSources();

/** Woken by the queue: closes the difference between what a person should hold and what Conscent last acknowledged. */
export const handler = batch(log, {
  read: readWakeUp,
  each: async (wakeUp, { attributes }) => {
    if (Number(attributes?.ApproximateReceiveCount) >= MAX_RECEIVES) {
      await markCrashed(world, wakeUp);
      // The alarm is a metric, and metrics are written at the end, which whoever crashes does not reach.
      log.flush();
    }
    await reconcile(world, wakeUp);
  },
});
