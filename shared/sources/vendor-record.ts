/** Asks a vendor for the parts of a record, each whole by its schema; what is missing ends the look-up. */
import type * as z from 'zod/mini';
import type { Lookup } from '../lifecycle/ports.ts';
import { askVendor, type VendorRequest } from './vendor-api.ts';

/** Why there is no whole record. */
class NoRecord extends Error {
  readonly lookup: Lookup;

  constructor(lookup: Lookup) {
    super('there is no whole record');
    this.name = 'NoRecord';
    this.lookup = lookup;
  }
}

/** Answers what a look-up found, or what its `askWhole`, `askPart` or `incomplete` ended it with. */
export async function lookUpWith(work: () => Promise<Lookup>): Promise<Lookup> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoRecord) return error.lookup;
    throw error;
  }
}

/** Asks for the record itself; a 404 says that nobody has the id. */
export async function askWhole<T extends z.ZodMiniType>(request: VendorRequest, schema: T): Promise<z.output<T>> {
  const answer = await askVendor(request);
  if (answer.kind !== 'json') throw new NoRecord(answer);
  const read = schema.safeParse(answer.value);
  if (!read.success) throw incomplete();
  return read.data;
}

/** Asks for a part that must be there; a 404 says nothing about the employee. */
export async function askPart<T extends z.ZodMiniType>(request: VendorRequest, schema: T): Promise<z.output<T>> {
  try {
    return await askWhole(request, schema);
  } catch (error) {
    throw error instanceof NoRecord && error.lookup.kind === 'not-found' ? incomplete() : error;
  }
}

/** Ends a look-up whose record is not whole: it changes nothing, and is tried again. */
export function incomplete(): Error {
  return new NoRecord({ kind: 'failed', reason: 'record-incomplete' });
}
