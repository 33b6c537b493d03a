/** The settings that the HR systems have in common, besides how each signs and what its API takes. */
import * as z from 'zod/mini';
import { isTimeZone } from '../lifecycle/effective-date.ts';
import { authoritySchema } from './source.ts';

/** The settings of every HR system; each may be left out. */
export const hrSettings = {
  /** Of the dates in its bodies and records. Where it is set it is everybody's, whatever a record says of a zone. */
  timeZone: z.optional(z.string().check(z.refine(isTimeZone, 'must be an IANA time zone such as Asia/Kolkata'))),
  authority: z._default(authoritySchema, ['employment', 'attributes']),
};

/** A setting that must hold something, such as the key of an API. */
export const credential = z.string().check(z.minLength(1, 'must not be empty'));
