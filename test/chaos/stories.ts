/** What happens to the people of a run: events of three sources, contradictory, in no order, for today, for yesterday and for a day to come. */
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import type { Chance } from './chance.ts';
import type { HrRecord } from './hr.ts';
import type { Character } from './people.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** The mean time between two events. */
const PACE_MS = 12_000;

/** Something that happens, and how its sender tells it. */
export interface Happening {
  who: Character;
  /** When it happens. */
  at: number;
  /** When each of its deliveries is sent: it may be sent more than once. */
  sentAt: number[];
  /** What makes its deliveries one. */
  id: string;
  told: { by: 'api' | 'standard-webhooks'; event: CanonicalEvent } | { by: 'bamboohr'; record: HrRecord };
}

/** A run's happenings, in the order in which they happen. */
export function storiesOf(characters: readonly Character[], count: number, start: number, chance: Chance): Happening[] {
  const records = new Map<number, HrRecord>();
  const known = new Set<number>();
  let at = start;
  return Array.from({ length: count }, (_, index) => {
    at += chance.whole(1_000, 2 * PACE_MS);
    const who = chance.pick(characters);
    const told = toldOf(who, { at, chance, records, isFirst: !known.has(who.number) });
    known.add(who.number);
    return { who, at, sentAt: sendings(at, chance), id: `happening-${index}`, told };
  });
}

function sendings(at: number, chance: Chance): number[] {
  const first = at + (chance.happens(0.8) ? chance.whole(0, 20_000) : chance.whole(MINUTE, 30 * MINUTE));
  const again = chance.happens(0.3) ? chance.whole(1, 3) : 0;
  return [first, ...Array.from({ length: again }, () => first + chance.whole(0, 20 * MINUTE))];
}

interface Telling {
  at: number;
  chance: Chance;
  records: Map<number, HrRecord>;
  isFirst: boolean;
}

function toldOf(who: Character, telling: Telling): Happening['told'] {
  const { chance } = telling;
  if (who.employeeId !== null && chance.happens(0.5)) return { by: 'bamboohr', record: edited(who, telling) };
  const by = chance.happens(0.55) ? ('api' as const) : ('standard-webhooks' as const);
  return { by, event: eventOf(who, by, telling) };
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

function eventOf(who: Character, by: 'api' | 'standard-webhooks', { at, chance, isFirst }: Telling): CanonicalEvent {
  if (by === 'api' && !isFirst && chance.happens(0.05)) return rename(who, at, chance);
  const type = isFirst && chance.happens(0.8) ? 'onboard' : chance.pick(['onboard', 'change', 'offboard'] as const);
  const department = departmentOf(type, chance);
  const event = {
    type,
    person: { ...keysOf(who, by, type, chance), ...(department !== undefined && { department }) },
    ...(chance.happens(0.85) && { occurredAt: new Date(at - chance.whole(0, 2 * HOUR)).toISOString() }),
    ...(chance.happens(0.25) && { effectiveAt: someDay(at, chance) }),
    ...(chance.happens(0.2) && { timeZone: chance.pick(['Asia/Kolkata', 'America/Sao_Paulo', 'Pacific/Auckland']) }),
  };
  const isGrant = by === 'api' && type !== 'offboard' && chance.happens(0.2);
  return isGrant ? { ...event, ...grant(at, chance) } : event;
}

function rename({ email, newEmail }: Character, at: number, chance: Chance): CanonicalEvent {
  const occurredAt = new Date(at - chance.whole(0, HOUR)).toISOString();
  return { type: 'change', person: { email: newEmail, previousEmail: email }, occurredAt };
}

function departmentOf(type: CanonicalEvent['type'], chance: Chance): string | null | undefined {
  if (type === 'offboard') return undefined;
  if (chance.happens(0.1)) return type === 'change' ? null : undefined;
  return chance.pick(['Marketing', 'Growth', 'Finance', 'Finance', 'Archive']);
}

function keysOf({ email, webhookId }: Character, by: string, type: string, chance: Chance) {
  if (by === 'api' || chance.happens(0.4)) return { email };
  const mayLeaveOut = type !== 'onboard' && chance.happens(0.3);
  return { externalId: webhookId, ...(!mayLeaveOut && { email }) };
}

/** A date or an instant, from yesterday to three days on. */
function someDay(at: number, chance: Chance): string {
  if (chance.happens(0.5)) return day(at + chance.whole(-1, 2) * DAY);
  return new Date(at + chance.whole(-10 * HOUR, 2 * DAY)).toISOString();
}

function grant(at: number, chance: Chance): Pick<CanonicalEvent, 'access' | 'reference'> {
  const until = chance.happens(0.6) ? { until: someDay(at, chance) } : {};
  const direct = { role: 'GUEST', permissions: { pdfManager: true, ga4: true, billing: false } };
  const asked = chance.happens(0.8) ? { profile: chance.pick(['marketing', 'finance']) } : direct;
  return { access: { ...asked, ...until }, ...(chance.happens(0.7) && { reference: chance.pick(['REQ-1', 'REQ-2']) }) };
}

/** HR edits a record: hires, moves, sets a last day, takes it back, hires again. */
function edited({ number, email }: Character, { at, chance, records }: Telling): HrRecord {
  const department = chance.pick(['Marketing', 'Growth', 'Finance', 'Archive', null]);
  const before = records.get(number);
  const record = before ? editOf(before, department, at, chance) : hired(email, department, at, chance);
  records.set(number, record);
  return record;
}

function hired(workEmail: string, department: string | null, at: number, chance: Chance): HrRecord {
  const hireDate = day(at + chance.whole(-20, 2) * DAY);
  return { workEmail, department, jobTitle: 'Editor', hireDate, terminationDate: '0000-00-00', status: 'Active' };
}

function editOf(record: HrRecord, department: string | null, at: number, chance: Chance): HrRecord {
  const { terminationDate, hireDate } = record;
  if (chance.happens(0.4)) return { ...record, department };
  if (terminationDate === '0000-00-00') {
    const last = day(at + chance.whole(-1, 2) * DAY);
    return last < hireDate ? { ...record, department } : { ...record, terminationDate: last };
  }
  const hasLeft = terminationDate < day(at - DAY);
  if (!hasLeft && chance.happens(0.5)) return { ...record, terminationDate: '0000-00-00' };
  if (terminationDate >= day(at)) return { ...record, department };
  return {
    ...record,
    hireDate: day(Date.parse(terminationDate) + chance.whole(1, 3) * DAY),
    terminationDate: '0000-00-00',
  };
}
