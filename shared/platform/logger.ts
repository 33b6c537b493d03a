/** JSON log lines with allow-listed members: ids, codes and numbers. Nothing that came from a request or an answer can be passed in. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { LogItemMessage } from '@aws-lambda-powertools/logger/types';

const ALLOWED = [
  'jobId',
  'personId',
  'source',
  'status',
  'outcome',
  'code',
  'step',
  'answer',
  'attempts',
  'count',
  'durationMs',
  'reason',
  'requestId',
  'messageId',
  'route',
  'token',
] as const;

/** The members a line may have. */
export type LogLine = Partial<Record<(typeof ALLOWED)[number], string | number>>;

/** Where lines go. */
export interface Log {
  info(message: string, fields: LogLine): void;
  error(message: string, fields: LogLine): void;
}

/** @param level the least important level that is written. */
export function createLog(level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'): Log {
  const logger = new Logger({ serviceName: 'conscent-lifecycle', logLevel: level });
  const write = (method: 'info' | 'error') => (message: LogItemMessage & string, fields: LogLine) => {
    const allowed = ALLOWED.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]);
    logger[method](message, Object.fromEntries(allowed));
  };
  return { info: write('info'), error: write('error') };
}
