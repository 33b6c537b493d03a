/** A body of events: one or an array, and never a word of it in an error. */
import { describe, expect, it } from 'vitest';
import { Problem } from '../../shared/lifecycle/errors.ts';
import { readEvents } from '../../shared/lifecycle/event.ts';
import { parseJson } from '../../shared/lifecycle/json.ts';

const onboard = { type: 'onboard', person: { email: 'noor@paper.example' } };
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const withPerson = (person: object) => ({ ...onboard, person: { ...onboard.person, ...person } });

function problemOf(read: () => unknown): Problem {
  try {
    read();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
describe('a body', () => {
  it('holds one event, or an array of 1 to 100', () => {
    expect(readEvents(bytes(onboard))).toEqual({ events: [onboard], isArray: false });
    expect(readEvents(bytes([onboard]))).toEqual({ events: [onboard], isArray: true });
    expect(readEvents(bytes(Array.from({ length: 100 }, () => onboard))).events).toHaveLength(100);
    for (const count of [0, 101]) {
      expect(problemOf(() => readEvents(bytes(Array.from({ length: count }, () => onboard)))).violations).toMatchObject(
        [{ pointer: '' }],
      );
    }
  });

  it('with any wrong event is refused as a whole, each at its place', () => {
    const found = problemOf(() => readEvents(bytes([onboard, { ...onboard, type: 'x' }, withPerson({ email: 'no' })])));
    expect(found).toMatchObject({ code: 'invalid-request', status: 400 });
    expect(found.violations.map(({ pointer }) => pointer)).toEqual(['/1/type', '/2/person/email']);
  });

  it.each([
    ['empty', ''],
    ['cut off', '{"type":'],
    ['two documents', '{} {}'],
  ])('that is %s is refused', (_, body) => {
    expect(problemOf(() => parseJson(bytes(body)))).toMatchObject({
      code: 'invalid-request',
      violations: [{ pointer: '' }],
    });
  });

  it('that is not UTF-8 is refused', () => {
    expect(problemOf(() => readEvents(Uint8Array.of(0x22, 0xff, 0x22)))).toMatchObject({ status: 400 });
  });

  it('that is refused leaves none of its values in the error', () => {
    const secret = 'hunter2-canary';
    const found = problemOf(() =>
      readEvents(bytes({ type: secret, person: { email: secret, department: '' }, timeZone: secret })),
    );
    expect(JSON.stringify({ ...found, message: found.message })).not.toContain(secret);
  });
});
