/** `POST /events`: canonical events that are nearly right, and headers that are not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import { JUNK } from './junk.ts';
import { type Mutation, mutated, mutations } from './mutation.ts';
import { fuzz } from './runs.ts';
import { faultsOf } from './sound.ts';
import { useStage } from './stage.ts';

const BRIEF = 150;

const stage = useStage();

const NAME = 'first-name-canary-of-the-fuzzing';
const PERSON = { email: 'noor@press.example', externalId: '77', firstName: NAME, lastName: NAME };

const EVENTS: CanonicalEvent[] = [
  {
    type: 'onboard',
    person: { ...PERSON, department: 'Newsroom', jobTitle: null, attributes: { costCentre: '4711', floor: null } },
    access: { profile: 'treasury', until: '2027-01-31' },
    effectiveAt: '2026-03-02',
    timeZone: 'Asia/Kolkata',
    occurredAt: '2026-03-01T09:30:00Z',
    reason: 'hired',
    reference: 'REQ-1',
  },
  { type: 'change', person: { ...PERSON, previousEmail: 'noor.old@press.example', department: 'Treasury' } },
  { type: 'change', person: PERSON, access: { role: 'GUEST', permissions: { ga4: true, billing: false } } },
  { type: 'offboard', person: { externalId: '77' }, effectiveAt: '2026-12-31T18:00:00+05:30' },
];

const bodies = fc.oneof(
  fc.record({ value: fc.constantFrom<unknown>(...EVENTS), changes: mutations }),
  fc.record({ value: fc.constant<unknown>(EVENTS), changes: mutations }),
);

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...JUNK));
const headers = fc.record(
  {
    prefer: fc.oneof(
      fc.constantFrom('wait=0', 'wait=0, wait=9', 'respond-async, wait=0; x', 'WAIT="0"', `${'"'.repeat(5_000)}wait=0`),
      text.map((value) => value.replaceAll(/wait/gi, 'w')),
    ),
    'idempotency-key': fc.oneof(fc.constantFrom('k', 'k,k', 'k'.repeat(256), 'a\r\nb', ''), text),
    'content-type': fc.constantFrom('application/json', 'application/json;charset=latin1', 'text/json', 'a/b,c/d'),
  },
  { requiredKeys: [] },
);

async function post(body: string, more: Record<string, string> = {}, query: Record<string, string> = {}) {
  await stage.send('events', { route: 'POST /events', path: '/events', headers: more, query, body });
}

/** What was known before, so that an event may meet somebody. */
async function begin() {
  stage.begin();
  await post(JSON.stringify(EVENTS[0]));
  await stage.work();
}

describe('an event that is nearly one', () => {
  const said = ({ value, changes }: { value: unknown; changes: Mutation[] }) => mutated(value, changes);

  test('is refused with pointers, or acted upon', async () => {
    const property = fc.asyncProperty(bodies, headers, async (body, more) => {
      await begin();
      await post(said(body), more);
      await post(said(body), more);
      await stage.work();
      expect(faultsOf(stage, [NAME])).toEqual([]);
    });
    await fuzz(property, BRIEF);
  });

  test('may be tried before it happens, and nothing is kept', async () => {
    const property = fc.asyncProperty(bodies, text, async (body, dryRun) => {
      await begin();
      const before = JSON.stringify([stage.world.allJobs(), stage.world.allPeople()]);
      await post(said(body), {}, { dryRun: 'true' });
      await post(said(body), {}, { dryRun: dryRun === 'false' ? '' : dryRun, [dryRun]: 'true' });
      expect(JSON.stringify([stage.world.allJobs(), stage.world.allPeople()])).toBe(before);
      expect(faultsOf(stage, [NAME])).toEqual([]);
    });
    await fuzz(property, BRIEF / 2);
  });

  test('may be anything at all', async () => {
    const anything = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constantFrom(...JUNK));
    const property = fc.asyncProperty(anything, fc.boolean(), async (body, isBase64Encoded) => {
      stage.begin();
      await stage.send('events', { route: 'POST /events', path: '/events', body, isBase64Encoded });
      await stage.work();
      expect(faultsOf(stage)).toEqual([]);
    });
    await fuzz(property, BRIEF);
  });
});
