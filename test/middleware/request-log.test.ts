import { describe, expect, it } from 'vitest';
import { createRequestLog } from '../../shared/middleware/request-log.ts';

const CANARY = 'canary-of-the-log-tests';
const ABOUT = { requestId: 'r-1', jobId: 'j-1' };

function watched() {
  const lines: { level: string; message: string; fields: object }[] = [];
  const counted: string[] = [];
  let flushed = 0;
  const log = {
    info: (message: string, fields: object) => void lines.push({ level: 'info', message, fields }),
    error: (message: string, fields: object) => void lines.push({ level: 'error', message, fields }),
  };
  const flush = () => {
    flushed += 1;
  };
  const counter = { count: (metric: string) => void counted.push(metric), flush };
  return { requests: createRequestLog(log, counter), lines, counted, flushes: () => flushed };
}

describe('a failure', () => {
  for (const code of ['internal', 'unavailable']) {
    it(`that is ours (${code}) is an error line that says what it is about, and an alarm`, () => {
      const { requests, lines, counted } = watched();
      requests.failed(code, new TypeError(CANARY), ABOUT);
      expect(lines).toMatchObject([
        { level: 'error', fields: { ...ABOUT, code, reason: expect.stringMatching(/^TypeError at /) } },
      ]);
      expect(counted).toEqual([`alarm.${code}`]);
    });
  }

  for (const code of ['invalid-request', 'unauthorized', 'not-found', 'invalid-signature']) {
    it(`that is the caller’s (${code}) is neither`, () => {
      const { requests, lines, counted } = watched();
      requests.failed(code, new Error(CANARY), ABOUT);
      expect(lines).toEqual([{ level: 'info', message: 'refused', fields: { ...ABOUT, code } }]);
      expect(counted).toEqual([]);
    });
  }

  const errors: [rule: string, error: unknown][] = [
    ['in its message', new Error(CANARY)],
    ['in a message of several lines', new Error(`no\n    at ${CANARY}`)],
    ['in its cause', new Error('no', { cause: CANARY })],
    ['in a member', Object.assign(new Error('no'), { body: CANARY })],
    ['by itself', CANARY],
  ];
  for (const [rule, error] of errors) {
    it(`logs nothing that the error quotes ${rule}`, () => {
      const { requests, lines } = watched();
      requests.failed('internal', error, ABOUT);
      expect(JSON.stringify(lines)).not.toContain(CANARY);
    });
  }
});

describe('what was counted', () => {
  it('is written when the invocation ends', () => {
    const { requests, flushes } = watched();
    requests.flush();
    expect(flushes()).toBe(1);
  });
});
