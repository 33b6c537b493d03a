/** How an employee is looked up: the parts of the record are asked for, each whole by its schema; what is missing ends the look-up. */
import type * as z from 'zod/mini';
import type { EventType } from '../lifecycle/event.ts';
import type { Lookup } from '../lifecycle/lookup.ts';
import type { VendorAnswer } from './vendor-api.ts';

/** Why there is no whole record. */
class NoRecord extends Error {
  readonly lookup: Lookup;

  constructor(lookup: Lookup) {
    super('there is no whole record');
    this.name = 'NoRecord';
    this.lookup = lookup;
  }
}

type LookUp = (id: string, said?: EventType) => Promise<Lookup>;

/**
 * A source's `lookUp`. An id that is not of the vendor's form is never asked for: it could lead out of its place in the URL.
 * @param find answers what it found, unless `wholeOf`, `partOf` or `incomplete` ends it.
 */
export function lookUpBy(idForm: RegExp, find: LookUp): LookUp {
  return async (id, said) => {
    if (!idForm.test(id)) return { kind: 'not-found' };
    try {
      return await find(id, said);
    } catch (error) {
      if (error instanceof NoRecord) return error.lookup;
      throw error;
    }
  };
}

/** The record itself, out of what the vendor answered; a 404 says that nobody has the id. */
export async function wholeOf<T extends z.ZodMiniType>(asked: Promise<VendorAnswer>, schema: T): Promise<z.output<T>> {
  const answer = await asked;
  if (answer.kind !== 'json') throw new NoRecord(answer);
  const read = schema.safeParse(answer.value);
  if (!read.success) throw incomplete();
  return read.data;
}

/** A part that must be there; a 404 says nothing about the employee. */
export async function partOf<T extends z.ZodMiniType>(asked: Promise<VendorAnswer>, schema: T): Promise<z.output<T>> {
  try {
    return await wholeOf(asked, schema);
  } catch (error) {
    throw error instanceof NoRecord && error.lookup.kind === 'not-found' ? incomplete() : error;
  }
}

/** Ends a look-up whose record is not whole, or somebody else's: it changes nothing, and is tried again. Throw it. */
export function incomplete(): Error {
  return new NoRecord({ kind: 'failed', reason: 'record-incomplete' });
}

/** Ends a look-up of what its vendor still shows although it was deleted. Throw it. */
export function gone(): Error {
  return new NoRecord({ kind: 'not-found' });
}
