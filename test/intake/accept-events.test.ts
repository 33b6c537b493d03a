import { describe, expect, it } from 'vitest';
import { acceptEvents, type EventsRequest } from '../../shared/intake/accept-events.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const EVENT = { type: 'onboard', person: { email: 'runa@hamn.example', firstName: 'Runa' } };
const CLERK = { name: 'clerk', scopes: ['events:write'] };
const MASTER = { name: 'master', scopes: ['events:write', 'access:direct'] };
const DIRECT = { role: 'VIEWER', permissions: { ga4: true } };

function post(world: MemoryWorld, value: unknown, more: Partial<EventsRequest> = {}, domains: string[] = []) {
  const body = Buffer.from(JSON.stringify(value));
  return acceptEvents(world, domains, { body, idempotencyKey: undefined, caller: CLERK, ...more });
}

const refusal = (code: string, status: number) => expect.objectContaining({ code, status });

describe('events', () => {
  it('are accepted alone or in an array, which is told apart', async () => {
    const world = memoryWorld();
    expect(await post(world, EVENT)).toMatchObject({ isArray: false, accepted: [{ isDuplicate: false }] });
    expect(await post(world, [EVENT])).toMatchObject({ isArray: true, accepted: [{ isDuplicate: false }] });
    expect((await post(world, Array(100).fill(EVENT))).accepted).toHaveLength(100);
  });

  it('come from the source "api", which may speak of everything', async () => {
    const world = memoryWorld();
    await post(world, EVENT);
    expect(world.allJobs()).toMatchObject([{ source: 'api', authority: ['employment', 'attributes', 'grants'] }]);
  });

  it('say in their history by which token they were sent, for the day on which it has leaked', async () => {
    const world = memoryWorld();
    await post(world, EVENT);
    await post(world, [EVENT], { caller: MASTER });
    expect(world.allJobs().map(({ history }) => history)).toMatchObject([
      [{ status: 'queued', detail: 'accepted, sent by clerk' }],
      [{ status: 'queued', detail: 'accepted, sent by master' }],
    ]);
  });

  it('of which one is wrong are refused all together, with where it is', async () => {
    const world = memoryWorld();
    const mixed = post(world, [EVENT, { ...EVENT, typ: 'change' }]);
    await expect(mixed).rejects.toMatchObject({ code: 'invalid-request', violations: [{ pointer: '/1/typ' }] });
    expect(world.allJobs()).toEqual([]);
  });

  it('of an address outside the allowed domains are refused', async () => {
    const outside = post(memoryWorld(), EVENT, {}, ['kontor.example']);
    await expect(outside).rejects.toMatchObject({
      code: 'invalid-request',
      violations: [{ pointer: '/person/email' }],
    });
  });
});

describe('without an Idempotency-Key', () => {
  it('each request is new', async () => {
    const world = memoryWorld();
    await post(world, EVENT);
    expect(await post(world, EVENT)).toMatchObject({ accepted: [{ isDuplicate: false }] });
    expect(world.allJobs()).toHaveLength(2);
  });
});

describe('with an Idempotency-Key', () => {
  const keyed = { idempotencyKey: 'order-5' };

  it('the same request is the same jobs', async () => {
    const world = memoryWorld();
    const first = await post(world, [EVENT, EVENT], keyed);
    const again = await post(world, [EVENT, EVENT], keyed);
    expect(again.accepted.map(({ isDuplicate }) => isDuplicate)).toEqual([true, true]);
    expect(again.accepted.map(({ job }) => job.jobId)).toEqual(first.accepted.map(({ job }) => job.jobId));
  });

  it('the same request may be written otherwise', async () => {
    const world = memoryWorld();
    await post(world, EVENT, keyed);
    const spaced = Buffer.from(`  ${JSON.stringify(EVENT, null, 3)}\n`);
    expect(await post(world, null, { ...keyed, body: spaced })).toMatchObject({ accepted: [{ isDuplicate: true }] });
  });

  const others: [rule: string, value: unknown][] = [
    ['another person', { ...EVENT, person: { email: 'other@hamn.example' } }],
    ['another type', { ...EVENT, type: 'offboard' }],
    ['another name, though names are not stored', { ...EVENT, person: { ...EVENT.person, firstName: 'Rune' } }],
    ['one more event', [EVENT, EVENT]],
  ];
  for (const [rule, value] of others) {
    it(`${rule} is another body, which is refused and not stored`, async () => {
      const world = memoryWorld();
      await post(world, EVENT, keyed);
      await expect(post(world, value, keyed)).rejects.toEqual(refusal('idempotency-key-reused', 422));
      expect(world.allJobs()).toHaveLength(1);
    });
  }

  it('the key is the token’s own: another token may use it for something else', async () => {
    const world = memoryWorld();
    await post(world, EVENT, keyed);
    const other = await post(world, { ...EVENT, type: 'offboard' }, { ...keyed, caller: MASTER });
    expect(other).toMatchObject({ accepted: [{ isDuplicate: false }] });
  });

  for (const key of ['k', '!', '~', 'a,b', '"quoted"', 'x'.repeat(255)]) {
    it(`"${key.slice(0, 20)}" is a key`, async () => {
      expect(await post(memoryWorld(), EVENT, { idempotencyKey: key })).toMatchObject({
        accepted: [{ isDuplicate: false }],
      });
    });
  }

  for (const key of ['', ' ', 'a b', 'a\tb', 'a\nb', 'ключ', 'x'.repeat(256)]) {
    it(`${JSON.stringify(key.slice(0, 20))} is none`, async () => {
      const world = memoryWorld();
      const refused = post(world, EVENT, { idempotencyKey: key });
      await expect(refused).rejects.toMatchObject({ status: 400, violations: [{ pointer: 'Idempotency-Key' }] });
      expect(world.allJobs()).toEqual([]);
    });
  }
});

describe('access of one’s own', () => {
  it('needs the scope access:direct, for one event or many', async () => {
    const world = memoryWorld();
    for (const value of [{ ...EVENT, access: DIRECT }, [EVENT, { ...EVENT, access: DIRECT }]]) {
      await expect(post(world, value)).rejects.toEqual(refusal('forbidden', 403));
    }
    expect(world.allJobs()).toEqual([]);
  });

  it('needs it even to ask for nothing', async () => {
    const nothing = post(memoryWorld(), { ...EVENT, access: { role: 'VIEWER', permissions: {} } });
    await expect(nothing).rejects.toEqual(refusal('forbidden', 403));
  });

  it('is accepted with it', async () => {
    expect(await post(memoryWorld(), { ...EVENT, access: DIRECT }, { caller: MASTER })).toMatchObject({
      accepted: [{ isDuplicate: false }],
    });
  });
});

describe('a profile', () => {
  it('that the policy has needs no further scope', async () => {
    expect(await post(memoryWorld(), { ...EVENT, access: { profile: 'treasury' } })).toMatchObject({ accepted: [{}] });
  });

  for (const profile of ['Treasury', 'nobody', '__proto__', 'constructor', 'toString']) {
    it(`called ${profile} is not in the policy, and the answer says which are`, async () => {
      const world = memoryWorld();
      const error: unknown = await post(world, [EVENT, { ...EVENT, access: { profile } }]).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toEqual(refusal('unknown-profile', 422));
      expect(error).toHaveProperty('message', expect.stringMatching(/newsroom, treasury/));
      expect(world.allJobs()).toEqual([]);
    });
  }
});
