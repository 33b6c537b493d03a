/**
 * The world in memory, for tests of the road: stores that are as conditional as DynamoDB, a clock that is moved by hand, a Conscent that
 * refuses what the real one would, and a blow that can fall before or after anything that touches the world.
 */
import type { AccessPolicy } from '../../shared/lifecycle/access-policy.ts';
import { plusSeconds } from '../../shared/lifecycle/effective-date.ts';
import type { IdentityKey } from '../../shared/lifecycle/identity.ts';
import type { Wake } from '../../shared/lifecycle/job.ts';
import { isFinished, type Job, jobWake, listKey } from '../../shared/lifecycle/job.ts';
import type { Lookup } from '../../shared/lifecycle/lookup.ts';
import { type Person, standingOf } from '../../shared/lifecycle/person.ts';
import {
  type ConfiguredSource,
  Conflict,
  type Due,
  type Heard,
  type HeardStore,
  type JobStore,
  type PersonStore,
  type Register,
  type Settings,
  type Telling,
  type TicketStore,
  type WakeUp,
  type World,
} from '../../shared/lifecycle/ports.ts';
import type { ReplyMessage } from '../../shared/lifecycle/reply.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { sweep } from '../../shared/reconcile/sweep.ts';
import { type FakeConscent, fakeConscent } from './conscent.ts';

/** Called before and after everything that touches the world, with its name; what it throws is a crash at that point. */
export type Blow = (point: string) => void;

export const POLICY: AccessPolicy = {
  hash: 'policy-of-the-tests',
  profiles: {
    newsroom: { role: 'ADMIN', permissions: ['paywallBuilder', 'journey'] },
    treasury: { role: 'ADMIN', permissions: ['payments', 'billing'] },
  },
  rules: [
    { when: { department: 'Newsroom' }, profile: 'newsroom' },
    { when: { department: 'Treasury' }, profile: 'treasury' },
  ],
};

/** A world in memory and the handles to look into it. */
export interface MemoryWorld extends World {
  fake: FakeConscent;
  /** What the HR systems answer, by source and employee id: `hr-one 77`. */
  records: Map<string, Lookup>;
  /** What tickets were told. */
  replies: (ReplyMessage & { source: string; ticket: string })[];
  alarms: { code: string; fields: object }[];
  /** What was counted and timed, in order. */
  measured: [metric: string, value: number][];
  /** The sources that are configured. */
  sources: ConfiguredSource[];
  messages: WakeUp[];
  allJobs(): Job[];
  allPeople(): Person[];
  /** Backs the people's table up. Answers what restores it: whoever came since is gone, the jobs are as they are. */
  backUpPeople(): () => void;
  /** The ledger's table deletes every finished job, as it does when they have been kept long enough. */
  expireJobs(): void;
  setBlow(blow: Blow): void;
  advance(seconds: number): void;
  /** Sweeps and delivers, moving the clock to each next wake, until nothing is due any more or the time is over. */
  runFor(seconds: number): Promise<void>;
}

export interface WorldOptions {
  now?: string;
  settings?: Partial<Settings>;
  policy?: AccessPolicy;
}

export function memoryWorld({
  now = '2026-03-02T08:00:00.000Z',
  settings,
  policy = POLICY,
}: WorldOptions = {}): MemoryWorld {
  let current = now;
  let ids = 0;
  let passwords = 0;
  let blow: Blow = () => {};
  const hit = async <T>(point: string, effect: () => T | Promise<T>): Promise<T> => {
    blow(`before ${point}`);
    const result = await effect();
    blow(`after ${point}`);
    return result;
  };
  const jobs = new Map<string, Job>();
  const people: StoredPeople = new Map();
  const pointers = new Map<string, string>();
  const messages: WakeUp[] = [];
  const alarms: MemoryWorld['alarms'] = [];
  const measured: MemoryWorld['measured'] = [];
  const sources: ConfiguredSource[] = [];
  const fake = fakeConscent();
  const records = new Map<string, Lookup>();
  const replies: MemoryWorld['replies'] = [];
  const world: MemoryWorld = {
    clock: { now: () => current },
    jobs: memoryJobs(jobs, hit),
    people: memoryPeople(people, pointers, hit),
    tickets: memoryTickets(hit),
    pause: memoryRegister(hit, 'pause'),
    guard: memoryRegister(hit, 'guard'),
    rollout: memoryRegister(hit, 'rollout'),
    queue: { send: (wakeUp) => hit('queue.send', () => void messages.push(wakeUp)) },
    conscent: {
      create: (email, access) => hit('conscent.create', () => fake.create(email, access)),
      update: (userId, change) => hit('conscent.update', () => fake.update(userId, change)),
    },
    lookUp: (source, employeeId) =>
      hit('lookUp', () => records.get(`${source} ${employeeId}`) ?? { kind: 'not-found' as const }),
    reply: (source, ticket, message) =>
      hit('reply', () => {
        replies.push({ source, ticket, ...message });
        return { kind: 'told' as const };
      }),
    heard: memoryHeard(hit),
    configuredSources: async () => sources,
    sources,
    measured,
    replies,
    records,
    monitor: {
      info: () => {},
      alarm: (code, fields) => void alarms.push({ code, fields }),
      count: (metric, value = 1) => void measured.push([metric, value]),
      time: (metric, seconds) => void measured.push([metric, seconds]),
    },
    policy,
    policyBuiltAt: now,
    settings: {
      defaultZone: 'UTC',
      retrySchedule: [5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 57600],
      refusesDuplicates: false,
      claimSeconds: 75,
      callSeconds: 25,
      // Off, as far as a test of something else is concerned.
      guard: { limit: 10, percent: 100, windowSeconds: 3600 },
      ...settings,
    },
    newId: () => `id-${++ids}`,
    newPassword: () => `Password-${++passwords}!`,
    random: () => 0.5,
    fake,
    alarms,
    messages,
    allJobs: () => [...jobs.values()],
    allPeople: () => [...people.values()].map(({ person }) => person),
    backUpPeople: () => {
      const backup = structuredClone({ people, pointers });
      return () => {
        putBack(people, backup.people);
        putBack(pointers, backup.pointers);
      };
    },
    expireJobs: () => {
      for (const { jobId, status } of jobs.values()) if (isFinished(status)) jobs.delete(jobId);
    },
    setBlow: (next) => {
      blow = next;
    },
    advance: (seconds) => {
      current = plusSeconds(current, seconds);
    },
    runFor: (seconds) => runFor(world, nextWakeIn(jobs, people), seconds),
  };
  return world;
}

function putBack<K, V>(table: Map<K, V>, backup: ReadonlyMap<K, V>): void {
  table.clear();
  for (const [key, value] of backup) table.set(key, value);
}

/** People a page. */
const PAGE = 3;

type Hit = <T>(point: string, effect: () => T | Promise<T>) => Promise<T>;

/** A wake that may have been put off; since when it has been due stays. */
type StoredWake = Wake & { dueSince?: string };

function putOff(wake: StoredWake, until: string): StoredWake {
  return { ...wake, at: until, dueSince: wake.dueSince ?? wake.at };
}

function dueOf(id: string, { at, dueSince, isLeaver }: StoredWake): Due {
  return { id, isLeaver, at: dueSince ?? at };
}

/** What was put off, by the stored item: another write makes it void. */
const putOffs = new WeakMap<Job, StoredWake>();

function wakeOf(job: Job): StoredWake | null {
  return putOffs.get(job) ?? jobWake(job);
}

/** Leavers first, the longest overdue first. */
function byUrgency(a: Wake, b: Wake): number {
  return Number(b.isLeaver) - Number(a.isLeaver) || a.at.localeCompare(b.at);
}

function memoryJobs(jobs: Map<string, Job>, hit: Hit): JobStore {
  const get = async (jobId: string) => structuredClone(jobs.get(jobId) ?? null);
  return {
    get: (jobId) => hit('jobs.get', () => get(jobId)),
    record: (job) =>
      hit('jobs.record', async () => {
        const earlier = await get(job.jobId);
        if (!earlier) jobs.set(job.jobId, structuredClone({ ...job, version: 1 }));
        return earlier;
      }),
    change: (jobId, change, read) => hit('jobs.change', () => changeJob(jobs, { jobId, change, read })),
    list: async (query, { after, limit }) => {
      const [name, value] = Object.entries(query)[0] ?? [];
      const found = [...jobs.values()]
        .filter((job) => job[name as 'email' | 'status'] === value && (after === null || listKey(job) < after))
        .sort((a, b) => (listKey(a) < listKey(b) ? 1 : -1));
      const page = structuredClone(found.slice(0, limit));
      const last = page.at(-1);
      return { jobs: page, next: last && found.length > limit ? listKey(last) : null };
    },
    due: async (now, limit) =>
      [...jobs.values()]
        .flatMap((job) => ({ id: job.jobId, wake: wakeOf(job) }))
        .flatMap(({ id, wake }) => (wake && wake.at <= now ? [{ id, wake }] : []))
        .sort((a, b) => byUrgency(a.wake, b.wake))
        .map(({ id, wake }) => dueOf(id, wake))
        .slice(0, limit),
    putOff: (jobId, dueAt, until) =>
      hit('jobs.putOff', () => {
        const job = jobs.get(jobId);
        const wake = job && wakeOf(job);
        if (job && wake && wake.at <= dueAt) putOffs.set(job, putOff(wake, until));
      }),
  };
}

interface Change {
  jobId: string;
  change(job: Job): Job;
  read?: Job | undefined;
}

/** As in DynamoDB a write is refused where somebody has written since what was read, and is made again on what they wrote. */
function changeJob(jobs: Map<string, Job>, { jobId, change, read }: Change): Job | null {
  const job = read ?? structuredClone(jobs.get(jobId));
  if (!job) return null;
  const changed = { ...change(job), version: job.version + 1 };
  if (jobs.get(jobId)?.version !== job.version) return changeJob(jobs, { jobId, change });
  jobs.set(jobId, structuredClone(changed));
  return changed;
}

type StoredPeople = Map<string, { person: Person; wake: StoredWake | null }>;

function memoryPeople(people: StoredPeople, pointers: Map<string, string>, hit: Hit): PersonStore {
  const name = (key: IdentityKey) => JSON.stringify(key);
  return {
    get: (id) => hit('people.get', () => structuredClone(people.get(id)?.person ?? null)),
    save: (person, wake) =>
      hit('people.save', () => {
        if ((people.get(person.id)?.person.version ?? 0) !== person.version) throw new Conflict();
        const saved = structuredClone({ ...person, version: person.version + 1 });
        people.set(person.id, { person: saved, wake });
        return structuredClone(saved);
      }),
    find: (keys) => hit('people.find', () => keys.map((key) => pointers.get(name(key)) ?? null)),
    point: (key, id, expected) =>
      hit('people.point', () => {
        if ((pointers.get(name(key)) ?? null) !== expected) throw new Conflict();
        if (id === null) pointers.delete(name(key));
        else pointers.set(name(key), id);
      }),
    due: async (now, limit) => {
      const due = [...people.values()].flatMap(({ person, wake }) =>
        wake && wake.at <= now ? [{ person, wake }] : [],
      );
      const found = due.map(({ person, wake }) => dueOf(person.id, wake));
      return found.sort((a, b) => Number(b.isLeaver) - Number(a.isLeaver)).slice(0, limit);
    },
    putOff: (id, dueAt, until) =>
      hit('people.putOff', () => {
        const stored = people.get(id);
        if (stored?.wake && stored.wake.at <= dueAt) stored.wake = putOff(stored.wake, until);
      }),
    ofStanding: async (standing) =>
      [...people.values()].filter(({ person }) => standingOf(person) === standing).map(({ person }) => person.id),
    lateLeavers: async (before) =>
      [...people.values()].flatMap(({ person: { id, leavingSince } }) =>
        leavingSince !== null && leavingSince <= before ? [id] : [],
      ),
    page: async (cursor) => {
      const all = [...people.values()].map(({ person }) => person);
      const from = cursor === null ? 0 : Number(cursor);
      const more = from + PAGE < all.length;
      return {
        people: all.slice(from, from + PAGE).filter(({ mergedInto }) => mergedInto === null),
        cursor: more ? String(from + PAGE) : null,
      };
    },
  };
}

function memoryTickets(hit: Hit): TicketStore {
  const told = new Map<string, Telling>();
  return {
    lastTold: (source, ticket) => hit('tickets.lastTold', () => told.get(`${source} ${ticket}`) ?? null),
    noteTold: (source, ticket, telling) => hit('tickets.noteTold', () => void told.set(`${source} ${ticket}`, telling)),
  };
}

function memoryRegister<T>(hit: Hit, name: string): Register<T> {
  let held: T | null = null;
  return {
    get: () => hit(`${name}.get`, () => structuredClone(held)),
    set: (next, expected) =>
      hit(`${name}.set`, () => {
        if (JSON.stringify(held) !== JSON.stringify(expected)) throw new Conflict();
        held = structuredClone(next);
      }),
  };
}

function memoryHeard(hit: Hit): HeardStore {
  const heard = new Map<string, Heard>();
  return {
    note: (source, at) => hit('heard.note', () => void heard.set(source, { at, saidAt: null })),
    get: async (source) => heard.get(source) ?? null,
    set: async (source, next, expected) => {
      if (heard.get(source)?.at !== expected?.at) throw new Conflict();
      heard.set(source, next);
    },
  };
}

function nextWakeIn(jobs: Map<string, Job>, people: Map<string, { wake: Wake | null }>): () => string | null {
  return () => {
    const wakes = [
      ...[...people.values()].flatMap(({ wake }) => (wake ? [wake.at] : [])),
      ...[...jobs.values()].flatMap((job) => wakeOf(job)?.at ?? []),
    ].sort();
    return wakes[0] ?? null;
  };
}

async function runFor(world: MemoryWorld, nextWake: () => string | null, seconds: number): Promise<void> {
  const end = plusSeconds(world.clock.now(), seconds);
  for (let rounds = 0; rounds < 2_000; rounds += 1) {
    await sweep(world).catch(() => {});
    for (const message of world.messages.splice(0)) await reconcile(world, message).catch(() => {});
    const next = nextWake();
    if (next === null || next > end) break;
    const wait = Math.max((Date.parse(next) - Date.parse(world.clock.now())) / 1000, 1);
    world.advance(wait);
  }
  world.advance(Math.max((Date.parse(end) - Date.parse(world.clock.now())) / 1000, 0));
}
