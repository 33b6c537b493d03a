/** People for the policy to be tried on, read as events are read. Nothing of the network, the ledger or a clock. */
import type { Attributes } from '../../shared/lifecycle/access-policy.ts';
import { Problem } from '../../shared/lifecycle/errors.ts';
import { readEvent } from '../../shared/lifecycle/event.ts';
import { factOf } from '../../shared/lifecycle/fact.ts';

/** Somebody, as far as a policy is concerned. */
export interface PolicyPerson {
  /** The address, else the employee id, else the line. */
  label: string;
  attributes: Attributes;
}

/** What a file of people held. */
export interface PeopleRead {
  people: PolicyPerson[];
  /** One text a line that could not be read, which it names; nothing of its content. */
  malformed: string[];
}

const ORIGIN = {
  jobId: '',
  source: 'api',
  receivedAt: '1970-01-01T00:00:00.000Z',
  position: 0,
  authority: ['attributes'],
} as const;

/**
 * Reads a person's members, as the `person` of an event.
 * @throws Error naming every member that an event would be refused for.
 */
export function readPerson(value: unknown): { email: string | undefined; externalId: string; attributes: Attributes } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('must be an object');
  try {
    // The id stands in for an address, which nobody needs here.
    const event = readEvent({ type: 'change', person: { externalId: '-', ...value } });
    const known = Object.entries(factOf(event, ORIGIN).fact.attributes).filter(isKnown);
    const { email, externalId = '-' } = event.person;
    return { email, externalId, attributes: Object.fromEntries(known) };
  } catch (error) {
    throw new Error(error instanceof Problem ? violationsOf(error) : 'could not be read');
  }
}

function isKnown(entry: [string, string | null]): entry is [string, string] {
  return entry[1] !== null;
}

function violationsOf({ violations }: Problem): string {
  return violations.map(({ pointer, detail }) => `${pointer.replace('/person/', '')} ${detail}`).join(', ');
}

/** Reads one JSON object a line; empty lines are none. */
export function readPeople(text: string): PeopleRead {
  const read: PeopleRead = { people: [], malformed: [] };
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    try {
      const { email, externalId, attributes } = readPerson(parsed(line));
      const label = email ?? (externalId === '-' ? `line ${index + 1}` : externalId);
      read.people.push({ label, attributes });
    } catch (error) {
      read.malformed.push(`line ${index + 1}: ${error instanceof Error ? error.message : 'could not be read'}`);
    }
  }
  return read;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error('must be JSON');
  }
}
