/** Messages on the queue that are no wake-ups, or wake nobody: each fails by itself, and those beside it are worked on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JUNK } from './junk.ts';
import { mutated, mutations } from './mutation.ts';
import { fuzz } from './runs.ts';
import { faultsOf } from './sound.ts';
import { jobsOf, useStage } from './stage.ts';

const BRIEF = 200;

const stage = useStage();

const messages = fc.oneof(
  fc
    .record({ value: fc.constantFrom({ jobId: '0'.repeat(32) }, { personId: 'id-9' }), changes: mutations })
    .map(({ value, changes }) => mutated(value, changes)),
  fc.constantFrom(...JUNK),
  fc.json(),
  fc.string({ unit: 'binary' }),
);

describe('a message that is nearly one', () => {
  test('fails alone, writes nothing and is quoted nowhere', async () => {
    const property = fc.asyncProperty(fc.array(messages, { minLength: 1, maxLength: 4 }), async (bodies) => {
      stage.begin();
      const event = { type: 'onboard', person: { email: 'noor@press.example', department: 'Newsroom' } };
      await stage.send('events', { route: 'POST /events', path: '/events', body: JSON.stringify(event) });
      const [good = {}] = stage.world.messages.splice(0);
      stage.seen.logs = '';
      const failed = await stage.deliver(...bodies, JSON.stringify(good));
      expect(failed).not.toContain(JSON.stringify(good));
      expect(jobsOf(stage)).toMatchObject([{ status: 'succeeded', outcome: 'created' }]);
      expect(stage.world.allPeople()).toHaveLength(1);
      for (const body of bodies.filter((one) => one.length > 20)) expect(stage.seen.logs).not.toContain(body);
      stage.seen.thrown.splice(0);
      await stage.work();
      expect(faultsOf(stage)).toEqual([]);
    });
    await fuzz(property, BRIEF);
  });
});
