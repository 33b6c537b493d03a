/** A world that reads what is there and keeps to itself what is written: the road can be tried on it, and nothing has happened. */
import type { Job } from '../lifecycle/job.ts';
import { type Person, standingOf } from '../lifecycle/person.ts';
import { Conflict, type JobStore, type PersonStore, type Register, type World } from '../lifecycle/ports.ts';

/** A world on top of another. Conscent cannot be called from it, and nobody is woken or told. */
export function pretendWorld(world: World): World {
  return {
    ...world,
    jobs: pretendJobs(world.jobs),
    people: pretendPeople(world.people),
    pause: pretendRegister(world.pause),
    guard: pretendRegister(world.guard),
    rollout: pretendRegister(world.rollout),
    queue: { send: async () => {} },
    conscent: { create: refuse, update: refuse },
    monitor: { info: () => {}, alarm: () => {}, count: () => {}, time: () => {} },
  };
}

function refuse(): never {
  throw new Error('Conscent is not called from a dry run');
}

function pretendJobs(real: JobStore): JobStore {
  const written = new Map<string, Job>();
  const get = async (jobId: string) => written.get(jobId) ?? real.get(jobId);
  return {
    ...real,
    get,
    record: async (job) => {
      const earlier = await get(job.jobId);
      if (!earlier) written.set(job.jobId, { ...job, version: 1 });
      return earlier;
    },
    change: async (jobId, change) => {
      const job = await get(jobId);
      if (!job) return null;
      const changed = { ...change(job), version: job.version + 1 };
      written.set(jobId, changed);
      return changed;
    },
  };
}

function pretendPeople(real: PersonStore): PersonStore {
  const written = new Map<string, Person>();
  const pointers = new Map<string, string | null>();
  const get = async (id: string) => written.get(id) ?? real.get(id);
  return {
    ...real,
    get,
    save: async (person) => {
      if (((await get(person.id))?.version ?? 0) !== person.version) throw new Conflict();
      const saved = { ...person, version: person.version + 1 };
      written.set(person.id, saved);
      return saved;
    },
    find: async (keys) => {
      const found = await real.find(keys);
      return keys.map((key, index) => pointers.get(JSON.stringify(key)) ?? found[index] ?? null);
    },
    point: async (key, id) => void pointers.set(JSON.stringify(key), id),
    ofStanding: async (standing) => {
      const others = (await real.ofStanding(standing)).filter((id) => !written.has(id));
      const own = [...written.values()].filter((person) => standingOf(person) === standing);
      return [...others, ...own.map(({ id }) => id)];
    },
  };
}

function pretendRegister<T>(real: Register<T>): Register<T> {
  let written: { value: T | null } | null = null;
  return {
    get: async () => (written ? written.value : real.get()),
    set: async (value) => {
      written = { value };
    },
  };
}
