/** One line in and one line out of every invocation, and the metrics that were counted in between. */
import type { MiddlewareObj } from '@middy/core';
import type { Log, LogLine } from '../platform/logger.ts';
import type { Counter } from '../platform/metrics.ts';

/** Where an invocation's lines go. */
export interface RequestLog extends Pick<Log, 'info'> {
  /**
   * Notes why an invocation, or a message of it, failed; the error's own text stays unread, for it may quote anything.
   * @param about what identifies it: whoever reads the line must find the rest of the story.
   */
  failed(code: string, error: unknown, about: LogLine): void;
  flush(): void;
}

/** @param about what the line in says of an event: ids, and nothing that a sender chose. */
export function requestLog<Event>(
  log: RequestLog,
  about: (event: Event) => LogLine = () => ({}),
): MiddlewareObj<Event, { statusCode?: number }> {
  // By context, because the local gateway runs many invocations in one process at once.
  const startedAt = new WeakMap<object, number>();
  const out = (context: { awsRequestId: string }, status: number | undefined) => {
    const durationMs = Math.round(performance.now() - (startedAt.get(context) ?? performance.now()));
    log.info('out', { requestId: context.awsRequestId, durationMs, ...(status !== undefined && { status }) });
    log.flush();
  };
  return {
    name: 'requestLog',
    before: ({ event, context }) => {
      startedAt.set(context, performance.now());
      log.info('in', { requestId: context.awsRequestId, ...about(event) });
    },
    after: ({ context, response }) => out(context, response?.statusCode),
    onError: ({ context, response }) => out(context, response?.statusCode),
  };
}

/** A request log on the platform's log and counter. Problems that are the caller's are no errors of ours. */
export function createRequestLog(log: Log, counter: Pick<Counter, 'count' | 'flush'>): RequestLog {
  return {
    info: log.info,
    failed: (code, error, about) => {
      if (code !== 'internal' && code !== 'unavailable') return log.info('refused', { ...about, code });
      counter.count(`alarm.${code}`);
      log.error('failed', { ...about, code, reason: error instanceof Error ? where(error) : 'unknown' });
    },
    flush: counter.flush,
  };
}

/** An error's kind and the place it came from: both are ours. Its message may quote anything and stays out. */
function where(error: Error): string {
  const stack = error.stack ?? '';
  const frames = stack.slice(stack.indexOf(error.message) + error.message.length);
  const frame = frames.split('\n').find((line) => /^\s+at /.test(line)) ?? '';
  return `${error.name}${frame.replace(/^\s+at /, ' at ').slice(0, 200)}`;
}
