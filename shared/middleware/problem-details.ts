/** Every error as an RFC 9457 problem. What is not meant for the caller stays in the log, as a code. */
import { Problem } from '../lifecycle/errors.ts';

const RETRY_AFTER_SECONDS = 30;

/** An HTTP answer, ready to be sent. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** The problem of an error: its own, 503 where something we depend on failed, else 500. Nothing of a foreign error is passed on. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDependencyFailure(error)) {
    return new Problem('unavailable', 'We cannot take this now. Send it again; nothing will be done twice.', {
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
    });
  }
  return new Problem('internal', 'This is our fault and has been logged under the instance.');
}

/** The AWS SDK marks its errors with `$metadata`; a configuration we cannot use is as temporary as whoever corrects it is fast. */
function isDependencyFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const names = ['SecretUnreadable', 'SourceMisconfigured', 'TimeoutError', 'AbortError'];
  return '$metadata' in error || names.includes(error.name) || 'syscall' in error;
}

/** The answer that tells a problem. `instance` is the request's id, which the logs carry too. */
export function problemAnswer(problem: Problem, requestId: string): Answer {
  const { code, title, status, message, violations, headers } = problem;
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: {
      type: `urn:conscent-lifecycle:problem:${code}`,
      title,
      status,
      detail: message,
      instance: requestId,
      ...(violations.length > 0 && { errors: violations }),
    },
  };
}
