/** Everything else a caller may put into a request: cursors, ids and addresses in paths, bodies of operators. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../shared/middleware/routes.ts';
import { JUNK } from './junk.ts';
import { mutated, mutations } from './mutation.ts';
import { fuzz } from './runs.ts';
import { faultsOf } from './sound.ts';
import { useStage } from './stage.ts';

const BRIEF = 200;

const stage = useStage();

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(...JUNK).map((junk) => junk.slice(0, 5_000)),
  fc.constantFrom(
    '.',
    '..',
    '../guard/release',
    '%2e%2e',
    'ana@press.example',
    '0'.repeat(32),
    'constructor',
    '\u0000',
  ),
);

const NAMED = Object.keys(ROUTES).filter((route) => /^\w+ \/(jobs|people)\b/.test(route) && route.includes('{'));

async function ask(route: string, params: Record<string, string>, body?: string): Promise<number> {
  const [, path = ''] = route.split(' ');
  const name = path.startsWith('/jobs') ? 'jobs' : 'people';
  return stage.send(name, { route, path, params, ...(body !== undefined && { body }) });
}

describe('a request that is nearly one', () => {
  test.each(NAMED)('%s: an id or address that nobody has is not found, and nothing happens', async (route) => {
    const property = fc.asyncProperty(text, text, async (one, body) => {
      stage.begin();
      const status = await ask(route, { jobId: one, email: one }, route.startsWith('PUT') ? body : undefined);
      expect([400, 404]).toContain(status);
      await stage.work();
      expect(faultsOf(stage)).toEqual([]);
      expect([...stage.world.allPeople(), ...stage.world.allJobs()]).toEqual([]);
    });
    await fuzz(property, BRIEF / 10);
  });

  test('GET /jobs: a cursor, limit, address or status that is none of ours is refused', async () => {
    const query = fc.dictionary(fc.constantFrom('email', 'status', 'cursor', 'limit', '__proto__', 'x'), text);
    const property = fc.asyncProperty(query, fc.boolean(), async (asked, isByStatus) => {
      stage.begin();
      const known = { status: 'queued', ...asked };
      const status = await stage.send('jobs', {
        route: 'GET /jobs',
        path: '/jobs',
        query: isByStatus ? known : asked,
      });
      expect([200, 400]).toContain(status);
      expect(status === 200 && 'cursor' in asked).toBe(false);
      expect(faultsOf(stage)).toEqual([]);
    });
    await fuzz(property, BRIEF);
  });

  test('PUT /people/{email}/account: a body that is nearly one links nothing, or a userId that can stand in a path', async () => {
    const property = fc.asyncProperty(mutations, async (changes) => {
      stage.begin();
      const event = { type: 'change', person: { email: 'noor@press.example' } };
      await stage.send('events', { route: 'POST /events', path: '/events', body: JSON.stringify(event) });
      await stage.work();
      await ask('PUT /people/{email}/account', { email: 'noor@press.example' }, mutated({ userId: 'u-1' }, changes));
      await stage.work();
      expect(faultsOf(stage)).toEqual([]);
    });
    await fuzz(property, BRIEF / 2);
  });
});
