import { describe, expect, it } from 'vitest';
import { createLog, type LogLine } from '../../shared/platform/logger.ts';
import { written } from './output.ts';

const CANARY = 'canary-of-the-logger-tests';
const FIELDS: Required<LogLine> = {
  jobId: 'j-1',
  personId: 'p-1',
  source: 'api',
  status: 'queued',
  outcome: 'created',
  code: 'internal',
  step: 'create',
  answer: 'created',
  attempts: 2,
  count: 3,
  durationMs: 4,
  reason: 'timeout',
  requestId: 'r-1',
  messageId: 'm-1',
  route: 'GET /health',
  token: 'clerk',
};

function lines(
  work: (log: ReturnType<typeof createLog>) => void,
  level: Parameters<typeof createLog>[0] = 'INFO',
): unknown[] {
  const text = written(() => work(createLog(level)));
  return text.split('\n').flatMap((line) => (line.trim() ? [JSON.parse(line) as unknown] : []));
}

describe('a log line', () => {
  it('is one line of JSON with its level, its message and every member that is allowed', () => {
    const found = lines((log) => log.info('Job recorded', FIELDS));
    expect(found).toEqual([expect.objectContaining({ level: 'INFO', message: 'Job recorded', ...FIELDS })]);
  });

  it('says that it is an error where it is one', () => {
    expect(lines((log) => log.error('alarm', { code: 'unreadable' }))).toMatchObject([
      { level: 'ERROR', code: 'unreadable' },
    ]);
  });

  it('leaves out what is not said', () => {
    const [line] = lines((log) => log.info('in', { requestId: 'r-1' }));
    expect(line).not.toHaveProperty('jobId');
    expect(JSON.stringify(line)).not.toContain('undefined');
  });

  it('keeps a text on its line, whatever it holds', () => {
    expect(lines((log) => log.info('in', { reason: 'a\n{"level":"ERROR"}' }))).toHaveLength(1);
  });

  for (const member of [
    'email',
    'password',
    'body',
    'authorization',
    'error',
    'message',
    'firstName',
    'timestamp',
    'level',
    '__proto__',
    'JOBID',
  ]) {
    it(`never holds ${member}, not even by mistake`, () => {
      const slipped: LogLine = JSON.parse(`{"jobId": "j-1", ${JSON.stringify(member)}: "${CANARY}"}`);
      const found = lines((log) => {
        log.info('in', slipped);
        log.error('out', slipped);
      });
      expect(found).toHaveLength(2);
      expect(JSON.stringify(found)).not.toContain(CANARY);
    });
  }
});

describe('a level', () => {
  it('above a line silences it', () => {
    expect(lines((log) => log.info('in', {}), 'ERROR')).toEqual([]);
    expect(lines((log) => log.error('alarm', {}), 'ERROR')).toHaveLength(1);
  });
});
