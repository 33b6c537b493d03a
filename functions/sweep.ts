import middy from '@middy/core';
import { requestLog } from '../shared/middleware/request-log.ts';
import { sweep } from '../shared/reconcile/sweep.ts';
import { wireWithSources } from '../shared/wiring.ts';

const { world, log } = wireWithSources();

// What one piece of the sweep's own work may take: it stops in time rather than being stopped.
const RESERVE_MS = 30_000;

/** Woken every minute: wakes whatever is due. */
export const handler = middy({ timeoutEarlyInMillis: 0 })
  .use(requestLog(log))
  .onError(function asFailed({ error, context }) {
    const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
    for (const one of errors) log.failed('internal', one, { requestId: context.awsRequestId });
  })
  .handler(async (_event: unknown, context: { getRemainingTimeInMillis(): number }) => {
    await sweep(world, () => context.getRemainingTimeInMillis() > RESERVE_MS);
  });
