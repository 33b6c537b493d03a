/**
 * A sender of one's own, at `POST /webhooks/generic/{name}`: how it is known, and where in its bodies the events stand, is configured
 * (docs/sources/generic.md). Its settings stand under its name in the member `generic` of the sources secret.
 */
import * as z from 'zod/mini';
import { Problem, type Violation } from '../lifecycle/errors.ts';
import { MAX_BATCH, text } from '../lifecycle/event.ts';
import { authOf, authSettings, knowsOneWay } from './generic-auth.ts';
import { mediaTypesOf, parseBody } from './generic-body.ts';
import { sha256, unreadable } from './json-body.ts';
import { pointerSchema, valueAt } from './json-pointer.ts';
import { type Item, itemReader, mappingSchema, type ReadItem, wordsSchema } from './mapping.ts';
import {
  authoritySchema,
  type Delivery,
  type Notice,
  type Reading,
  readSettings,
  type Source,
  type SourceContext,
} from './source.ts';
import { headerName, trustSchema } from './static-credentials.ts';

const MAX_VIOLATIONS = 50;
// No comma and no space: a header that came twice is joined by them, and is no id.
const HEADER_ID = /^[\w.:=+/@~-]{1,200}$/;

const settingsSchema = z
  .strictObject({
    ...authSettings,
    deliveryId: z.union(
      [z.strictObject({ pointer: pointerSchema }), z.strictObject({ header: headerName })],
      'must be { "pointer": a JSON pointer } or { "header": a name }: without it a repeated delivery would be a new one',
    ),
    body: z._default(
      z.union(
        [z.enum(['json', 'form']), z.strictObject({ formField: z.string().check(z.minLength(1)) })],
        'must be "json", "form" or { "formField": a name }',
      ),
      'json',
    ),
    items: z.optional(pointerSchema),
    mapping: mappingSchema,
    words: wordsSchema,
    trust: trustSchema,
    authority: authoritySchema,
    acceptedStatus: z._default(z.union([z.literal(200), z.literal(202)], 'must be 200 or 202'), 202),
  })
  .check(
    knowsOneWay,
    z.refine(({ hmac, trust }) => hmac === undefined || trust === undefined, {
      path: ['trust'],
      message: 'is for senders that do not sign',
    }),
    z.refine(({ hmac, body }) => hmac?.bodyTimestamp === undefined || body === 'json', {
      path: ['hmac', 'bodyTimestamp'],
      message: 'needs a body of "json"',
    }),
  );
type Settings = z.output<typeof settingsSchema>;

/** @param name of the source, `generic/…`. @throws Error naming the setting that is missing, unknown or wrong. */
export function generic(name: string, value: unknown, { allowedDomains }: SourceContext): Source {
  const member = name.replace('/', '.');
  const settings = readSettings(member, settingsSchema, value);
  const { authority, acceptedStatus, body, mapping, words } = settings;
  const readItem = itemReader(member, { mapping, words, allowedDomains });
  return {
    name,
    authority: authority ?? ['employment', 'attributes'],
    mediaTypes: mediaTypesOf(body),
    unreadableStatus: 400,
    acceptedStatus,
    verify: authOf(member, settings),
    read: (delivery) => read(delivery, settings, readItem),
  };
}

/** Never throws for what a body holds. What has no id is known by its hash. */
function read(delivery: Delivery, settings: Settings, readItem: ReadItem): Reading {
  let deliveryId = sha256(delivery.body);
  try {
    const root = parseBody(delivery.body, settings.body);
    deliveryId = idOf(delivery, root, settings.deliveryId);
    // Nobody can be asked back, so that a credential alone is taken at its word only where the publisher says so.
    const isUnconfirmed = settings.hmac === undefined && settings.trust !== 'static';
    const notices = readAll(itemsOf(root, settings.items), readItem).map((notice) =>
      notice.kind === 'event' && isUnconfirmed ? { ...notice, isUnconfirmed } : notice,
    );
    return { kind: 'notices', notices, deliveryId };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'unreadable', violations: error.violations, deliveryId };
  }
}

function idOf({ headers }: Delivery, root: unknown, from: Settings['deliveryId']): string {
  if ('header' in from) {
    const id = headers[from.header] ?? '';
    if (HEADER_ID.test(id)) return id;
    throw unreadable({ pointer: '', detail: 'must come with the header of its delivery id, once' });
  }
  const { pointer } = from;
  const found = valueAt(root, pointer);
  const read = text.safeParse(Number.isSafeInteger(found) ? String(found) : found);
  if (read.success) return read.data;
  throw unreadable({ pointer, detail: found === undefined ? 'is required' : 'must be a text of 1 to 200 characters' });
}

function itemsOf(root: unknown, pointer: string | undefined): Item[] {
  if (pointer === undefined) return [{ value: root, pointer: '', root }];
  const items = valueAt(root, pointer);
  if (Array.isArray(items) && items.length <= MAX_BATCH) {
    return items.map((value: unknown, index) => ({ value, pointer: `${pointer}/${index}`, root }));
  }
  throw unreadable({ pointer, detail: `must be an array of at most ${MAX_BATCH}` });
}

/** The good items of a batch proceed, and each bad one is named. Where none is good, nothing of the body can be read. */
function readAll(items: readonly Item[], readItem: ReadItem): Notice[] {
  const found: Violation[] = [];
  const notices = items.flatMap((item, position): Notice[] => {
    try {
      const event = readItem(item);
      return event ? [{ kind: 'event', event, position }] : [];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      found.push(...error.violations);
      return [{ kind: 'unreadable', violations: error.violations, position }];
    }
  });
  if (found.length > 0 && !notices.some(({ kind }) => kind === 'event'))
    throw unreadable(...found.slice(0, MAX_VIOLATIONS));
  return notices;
}
