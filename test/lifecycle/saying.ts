/** Fixtures of the domain tests: a policy, a short way to say an event, and what has been said as a person. */
import type { AccessPolicy } from '../../shared/lifecycle/access-policy.ts';
import type { CanonicalEvent, EventType } from '../../shared/lifecycle/event.ts';
import { type Authority, type Fact, factOf } from '../../shared/lifecycle/fact.ts';
import { type FoldResult, foldFacts, nothingFolded } from '../../shared/lifecycle/fold.ts';
import { type View, viewAt } from '../../shared/lifecycle/person.ts';
import type { Said } from './oracle.ts';

export const RULES: AccessPolicy = {
  hash: 'rules-of-the-lifecycle-tests',
  profiles: {
    editors: { role: 'EDITOR', permissions: ['ignite', 'journey', 'notifications'] },
    tellers: { role: 'TELLER', permissions: ['payments', 'taxation', 'journey'] },
    analysts: { role: 'ANALYST', permissions: ['ga4', 'export'] },
  },
  rules: [
    { when: { department: ['Desk', 'Weekend Desk'] }, profile: 'editors' },
    { when: { department: 'Till' }, profile: 'tellers' },
    { when: { 'attributes.level': 'lead' }, profile: 'analysts' },
  ],
};

/** DESIGN rule 3's defaults. */
export const AUTHORITIES: Record<string, readonly Authority[]> = {
  hibob: ['employment', 'attributes'],
  greenhouse: ['employment', 'attributes'],
  zendesk: ['employment', 'grants'],
  okta: ['employment'],
  api: ['employment', 'attributes', 'grants'],
};

/** Events later than every event of the tests: what is received was said before. */
export const RECEIVED = '2030-01-01T00:00:00.000Z';

export interface Saying extends Omit<Partial<CanonicalEvent>, 'type' | 'person'> {
  id?: string;
  by?: string;
  position?: number;
  receivedAt?: string;
  record?: boolean;
  person?: CanonicalEvent['person'];
}

let sayings = 0;

/** One event: `say('onboard', '2026-03-02T09:00:00.000Z', { by: 'hibob' })`. */
export function say(type: EventType, occurredAt: string, saying: Saying = {}): Said {
  const { id, by = 'hibob', position = 0, receivedAt = RECEIVED, record, person, ...event } = saying;
  sayings += 1;
  return {
    event: { type, occurredAt, person: person ?? { email: 'noor@paper.example' }, ...event },
    origin: { jobId: id ?? `job-${sayings}`, source: by, receivedAt, position, authority: AUTHORITIES[by] ?? [] },
    ...(record && { record: true as const }),
  };
}

/** The fact that an event is read into. */
export function factSaid({ event, origin, record }: Said): Fact {
  return { ...factOf(event, origin).fact, ...(record && { record }) };
}

/** All that was said, folded by the code under test. */
export function folded(saids: readonly Said[], zone = 'UTC'): FoldResult {
  return foldFacts(saids.map(factSaid), nothingFolded(zone));
}

/** What the code under test makes of it at an instant. */
export function seen(saids: readonly Said[], at: string, zone = 'UTC'): View {
  return viewAt(folded(saids, zone), RULES, at);
}

/** The codes of the facts that need a person's attention, by job id. */
export function attention(saids: readonly Said[]): Record<string, string> {
  return folded(saids).attention;
}

/** The instant of an hour of a day in June 2026: `june(3)`, `june(3, 15)`. */
export function june(day: number, hour = 0): string {
  return new Date(Date.UTC(2026, 5, day, hour)).toISOString();
}
