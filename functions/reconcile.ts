import { batch } from '../shared/middleware/batch.ts';
import { readWakeUp, reconcile } from '../shared/reconcile/reconcile.ts';
import { wireWithSources } from '../shared/wiring.ts';

const { world, log } = wireWithSources();

/** Woken by the queue: closes the difference between what a person should hold and what Conscent last acknowledged. */
export const handler = batch(log, (record) => reconcile(world, readWakeUp(record.body)));
