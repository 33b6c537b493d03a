/** The road without its stores: the pure domain, a Conscent in memory that answers as it is told, an operator, and time. */
import { type Account, acknowledge, intend, linkedAccount, unansweredIntent } from '../../shared/lifecycle/account.ts';
import { compact } from '../../shared/lifecycle/compaction.ts';
import { type Instant, plusSeconds } from '../../shared/lifecycle/effective-date.ts';
import { lookAgainAt, mayCall, type Pause, pauseAfter, probing } from '../../shared/lifecycle/pause.ts';
import { addFact, foldPerson, newPerson, nextWake, type Person, viewAt } from '../../shared/lifecycle/person.ts';
import { plan } from '../../shared/lifecycle/plan.ts';
import {
  DEFAULT_RETRY_SCHEDULE_SECONDS,
  lastIntervalSeconds,
  retryDelaySeconds,
} from '../../shared/lifecycle/retry.ts';
import { endOf } from '../../shared/lifecycle/snapshot.ts';
import { stepKey } from '../../shared/lifecycle/step.ts';
import type { Said } from './oracle.ts';
import { factSaid, RULES } from './saying.ts';
import { type CallStep, type User, type Weather, weatheredConscent } from './weather.ts';

/** Calls are made one after another here, so that whoever calls while calls pause is the probe. */
const PROBE = 'probe';

export interface Arrival {
  at: Instant;
  who: number;
  said: Said;
}

export interface Simulated {
  people: Person[];
  users: User[];
  /** What must never happen and did. */
  violations: string[];
  end: Instant;
}

export interface Play {
  count: number;
  arrivals: readonly Arrival[];
  weather: readonly Weather[];
  refusesDuplicates: boolean;
  /** Called whenever a person has been settled. */
  watch: (person: Person, user: User | undefined, heard: readonly Said[], now: Instant) => string | null;
}

/** Plays everything until nothing is due any more; an operator answers every account that needs one. */
export function simulate({ count, arrivals, weather, refusesDuplicates, watch }: Play): Simulated {
  const people = Array.from({ length: count }, (_, who) => newPerson(`person-${who}`));
  const heard: Said[][] = people.map(() => []);
  const violations: string[] = [];
  const coming = [...arrivals].sort((a, b) => (a.at < b.at ? -1 : 1));
  const conscent = weatheredConscent(weather, refusesDuplicates);
  let pause: Pause | null = null;
  let now = coming[0]?.at ?? '2026-06-01T00:00:00.000Z';

  function settle(who: number): void {
    for (let steps = 0; steps < 12; steps += 1) {
      const person = people[who] as Person;
      const { desired, email, employment } = viewAt(foldPerson(person, 'UTC'), RULES, now);
      const step = plan({ account: person.account, desired, email, endedAt: endOf(employment), now });
      if (step.kind === 'nothing') {
        if (person.account?.state === 'unsure' && desired !== 'unknown')
          violations.push('nothing was planned while unsure');
        people[who] = { ...person, attempt: null };
        return;
      }
      const attempt = { step: stepKey(step), failures: 0, error: 'conscent-unavailable' as const, nextAt: null };
      if (step.kind === 'stuck') {
        people[who] = { ...person, attempt };
        return;
      }
      const before = person.attempt?.step === attempt.step ? person.attempt : attempt;
      if (before.nextAt !== null && before.nextAt > now) return;
      const may = mayCall(pause, now);
      if (pause !== null && may === 'wait') {
        people[who] = { ...person, attempt: { ...before, nextAt: lookAgainAt(pause, now) } };
        return;
      }
      if (pause !== null) pause = probing(pause, now, { probe: PROBE, leaseSeconds: 60 });
      people[who] = call(who, person, step, before.failures);
    }
    violations.push('it never came to an end');
  }

  function call(who: number, person: Person, step: CallStep, failures: number): Person {
    const intended = intend(person.account, step);
    const got = conscent.answer(who, step, intended.userId);
    if (got === 'lost') return { ...person, account: unansweredIntent(intended, refusesDuplicates), attempt: null };
    const refusal =
      got.kind === 'throttled'
        ? { reason: 'conscent-throttled' as const, retryAfterSeconds: got.retryAfterSeconds }
        : got.kind === 'unauthorized'
          ? { reason: 'conscent-unauthorized' as const }
          : null;
    pause = pauseAfter(pause, { probe: PROBE, refusal }, { now, schedule: DEFAULT_RETRY_SCHEDULE_SECONDS, random: 0 });
    const { account, result } = acknowledge(intended, step, got, { now, repeatsCreate: refusesDuplicates });
    if ('done' in result) return { ...person, account, attempt: null };
    const failure = { failures: failures + 1, random: 0 };
    const delay =
      retryDelaySeconds(DEFAULT_RETRY_SCHEDULE_SECONDS, failure) ??
      lastIntervalSeconds(DEFAULT_RETRY_SCHEDULE_SECONDS, failure);
    const nextAt =
      result.next === 'stop' ? null : result.next === 'pause' ? (pause?.until ?? now) : plusSeconds(now, delay);
    return {
      ...person,
      account,
      attempt: { step: stepKey(step), failures: failures + 1, error: result.failed, nextAt },
    };
  }

  /** Looks into the dashboard: links the account that is there, or says that there is none. */
  function operate(who: number): boolean {
    const person = people[who] as Person;
    if (person.account === null || person.account.userId !== null) return false;
    const user = conscent.users.find((one) => one.who === who);
    const account: Account | null = user ? linkedAccount(user.userId, user.email) : null;
    people[who] = { ...person, account, attempt: null };
    return true;
  }

  function hear({ who, said }: Arrival): void {
    const person = people[who] as Person;
    const added = addFact(person, factSaid(said)) ?? person;
    people[who] = compact({ ...added, open: [], attempt: null }, 'UTC', now);
    heard[who]?.push(said);
  }

  function look(who: number): void {
    settle(who);
    const person = people[who] as Person;
    const problem = watch(
      person,
      conscent.users.find(({ userId }) => userId === person.account?.userId),
      heard[who] ?? [],
      now,
    );
    if (problem) violations.push(problem);
  }

  for (let rounds = 0; rounds < 400; rounds += 1) {
    const wakes = people.map((person) => nextWake(person, RULES, 'UTC', now)?.at ?? null);
    const due = [coming[0]?.at, ...wakes].filter((at) => at != null).sort()[0];
    if (due === undefined) {
      const asked = people.map((_, who) => operate(who));
      if (!asked.includes(true))
        return { people, users: conscent.users, violations: [...violations, ...conscent.violations], end: now };
    } else if (due > now) now = due;
    const arrived = coming.filter(({ at }) => at <= now);
    coming.splice(0, arrived.length);
    for (const arrival of arrived) hear(arrival);
    for (const who of people.keys()) look(who);
  }
  return { people, users: conscent.users, violations: [...violations, 'it never became quiet'], end: now };
}
