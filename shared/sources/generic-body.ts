/** The bodies of generic sources: JSON, a form, or JSON in a field of a form. Read after they were verified. */
import { parseJson } from '../lifecycle/json.ts';
import { unreadable } from './json-body.ts';

const FORM = 'application/x-www-form-urlencoded';

/** What a sender's bodies are: JSON, a form, or a form one of whose fields holds the JSON. */
export type BodyFormat = 'json' | 'form' | { formField: string };

/** The media types of a format. JSON may come without one, as from senders who say none. */
export function mediaTypesOf(format: BodyFormat): readonly string[] {
  return format === 'json' ? ['application/json', ''] : [FORM];
}

/** A body as JSON has it; a field of a form that came twice is an array. @throws Problem `invalid-request`, with nothing of the body in it. */
export function parseBody(body: Uint8Array, format: BodyFormat): unknown {
  if (format === 'json') return parseJson(body);
  const fields = parseForm(body);
  if (format === 'form') return fields;
  const field = Object.hasOwn(fields, format.formField) ? fields[format.formField] : undefined;
  if (typeof field !== 'string') throw unreadable({ pointer: '', detail: 'must have the field with the JSON, once' });
  return parseJson(Buffer.from(field));
}

function parseForm(body: Uint8Array): Record<string, string | string[]> {
  const fields = new Map<string, string[]>();
  for (const pair of textOf(body).split('&').filter(Boolean)) {
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const name = decoded(pair.slice(0, at));
    const values = fields.get(name) ?? [];
    values.push(decoded(pair.slice(at + 1)));
    fields.set(name, values);
  }
  // `fromEntries` makes own members of names such as `__proto__`.
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length > 1 ? values : (values[0] ?? '')]),
  );
}

function textOf(body: Uint8Array): string {
  return readable(() => new TextDecoder('utf-8', { fatal: true }).decode(body));
}

// Not by URLSearchParams, which replaces what is no UTF-8 and so would let one text pass for another.
function decoded(text: string): string {
  return readable(() => decodeURIComponent(text.replaceAll('+', ' ')));
}

function readable(read: () => string): string {
  try {
    return read();
  } catch {
    throw unreadable({ pointer: '', detail: 'must be a form in UTF-8' });
  }
}
