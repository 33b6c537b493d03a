/** The event in the document is the event that is accepted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventSchema } from '../../../shared/lifecycle/event.ts';
import { listSchema } from '../../../shared/operate/list-jobs.ts';
import { DOCUMENT, operationAt, wrongAt } from '../../functions/documented.ts';

const EVENT = ['components', 'schemas', 'Event'];

/** Events most of whose members are right. */
function events() {
  const mostly = (right: unknown[], ...wrong: unknown[]) =>
    fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
  const some = { requiredKeys: [] };
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, 'b']));
  const text = mostly(['Press', 'x'.repeat(200), 'ø'], '', 'x'.repeat(201), 'a\u0007', 1, null);
  const clearable = mostly(['Press', null], '', false);
  const email = mostly(['a@b.example', 'A@B.EXAMPLE'], 'a@b', '\u212A@b.example', '', null);
  const attributes = mostly([{ costCentre: '4711' }, { 'a-b.c_d': null }, many(50)], { '1st': 'a' }, many(51), [], 'a');
  const person = fc.record({ email, externalId: text, previousEmail: email, department: clearable, attributes }, some);
  const permissions = mostly([{ ga4: true }, { ga4: false, Checkout: true }, {}], { GA4: true }, { ga4: 'yes' });
  const access = fc.record({ profile: text, role: text, permissions }, some);
  const type = mostly(['onboard', 'change', 'offboard'], 'leave', null);
  const unknown = mostly([undefined], 'typo');
  return fc
    .record({ type, person, access, reason: text, unknown }, { requiredKeys: ['type', 'person'] })
    .map((event): unknown => JSON.parse(JSON.stringify(event)));
}

describe('an event', () => {
  it('may have an address in capitals', () => {
    expect(wrongAt(EVENT, { type: 'onboard', person: { email: 'ANA@Example.COM' } })).toEqual([]);
  });

  it('is taken and refused by the document as by the schema that validates, but for dates, zones and spaces', () => {
    const verdicts = new Set<boolean>();
    fc.assert(
      fc.property(events(), (given) => {
        const isRight = eventSchema.safeParse(given).success;
        verdicts.add(isRight);
        expect(wrongAt(EVENT, given).length === 0).toBe(isRight);
      }),
      { numRuns: 3_000 },
    );
    expect(verdicts.size).toBe(2);
  });

  it('of several is one of at most 100', () => {
    const place = [
      ...(operationAt('POST /events')?.place ?? []),
      'requestBody',
      'content',
      'application/json',
      'schema',
    ];
    const event = { type: 'offboard', person: { externalId: '1042' } };
    for (const [many, isRight] of [
      [0, false],
      [1, true],
      [100, true],
      [101, false],
    ] as const)
      expect(wrongAt(place, Array(many).fill(event)).length === 0).toBe(isRight);
  });
});

describe('a query of a list of jobs', () => {
  const { parameters } = DOCUMENT.components;
  const texts = { status: ['queued', 'needs-attention', 'done', ''], limit: ['0', '1', '50', '100', '101', '1.5'] };

  for (const [name, place] of [
    ['status', 'listStatus'],
    ['limit', 'limit'],
  ] as const) {
    it(`is taken and refused by the document as by the schema that validates: ${name}`, () => {
      expect(parameters[place]?.name).toBe(name);
      for (const text of texts[name]) {
        const value = name === 'limit' ? Number(text) : text;
        const isRight = wrongAt(['components', 'parameters', place, 'schema'], value).length === 0;
        expect({ text, isRight }).toEqual({ text, isRight: listSchema.safeParse({ [name]: text }).success });
      }
    });
  }
});
