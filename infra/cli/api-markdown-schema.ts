/** JSON Schemas in words, as far as those of the document go. */
import type { JsonSchema } from '../../shared/operate/openapi/schemas.ts';

type Member = JsonSchema | boolean | undefined;

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly string[][]): string {
  const cells = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [cells(head), `|${'---|'.repeat(head.length)}`, ...rows.map(cells)].join('\n');
}

/** A word of the wire. */
export function code(word: unknown): string {
  return `\`${word}\``;
}

/** Where a heading is found on its page. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

/** A section for each schema. */
export function bodySections(schemas: Readonly<Record<string, JsonSchema>>): string[] {
  return Object.entries(schemas).flatMap(([name, schema]) => [
    `### ${name}`,
    ...(schema.description ? [schema.description] : []),
    (schema.anyOf ?? [schema]).map(membersOf).join('\n\nor\n\n'),
  ]);
}

function membersOf(schema: Member): string {
  const rows = memberRows(schema);
  return rows.length > 0 ? table(['member', 'is', ''], rows) : typeOf(schema);
}

/** The members of an object, and those of the objects within it. */
function memberRows(schema: Member, prefix = ''): string[][] {
  const { properties = {}, required = [] } = objectIn(schema) ?? {};
  return Object.entries(properties).flatMap(([name, member]) => {
    if (typeof member === 'boolean') return [];
    const needed = required.includes(name) ? '' : ', optional';
    const inner = objectIn(member) ? memberRows(member, `${prefix}${name}${isList(member) ? '[]' : ''}.`) : [];
    return [[code(prefix + name), typeOf(member) + needed, descriptionOf(member)], ...inner];
  });
}

/** The object that a schema is, lists or may be, where its members are not described elsewhere. */
function objectIn(schema: Member): JsonSchema | undefined {
  if (typeof schema !== 'object') return undefined;
  if (schema.properties) return schema;
  if (isList(schema)) return objectIn(itemsOf(schema));
  return schema.anyOf?.map(objectIn).find((one) => one !== undefined);
}

function isList({ type }: JsonSchema): boolean {
  return type === 'array';
}

function itemsOf({ items }: JsonSchema): Member {
  return Array.isArray(items) ? undefined : (items as Member);
}

function descriptionOf(member: JsonSchema): string {
  const inner = member.anyOf?.map((one) => (typeof one === 'object' ? one.description : undefined));
  return member.description ?? inner?.find((text) => text !== undefined) ?? '';
}

/** What a value is, in a few words. */
export function typeOf(schema: Member): string {
  if (typeof schema !== 'object') return '';
  const { $ref, enum: values, anyOf, type } = schema;
  if ($ref) return linkTo($ref.slice($ref.lastIndexOf('/') + 1));
  if ('const' in schema) return code(schema.const);
  if (values) return values.map(code).join(', ');
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (Array.isArray(type)) return type.join(' or ');
  if (type === 'array') return listOf(schema);
  if (type === 'object' && !schema.properties) return recordOf(schema);
  return scalarOf(schema);
}

function linkTo(name: string): string {
  return `[${name}](#${anchorOf(name)})`;
}

function listOf(schema: JsonSchema): string {
  const { minItems, maxItems } = schema;
  return `list of ${maxItems === undefined ? '' : `${minItems} to ${maxItems} `}${typeOf(itemsOf(schema))}`;
}

function recordOf({ propertyNames, additionalProperties, required }: JsonSchema): string {
  const value = typeOf(additionalProperties);
  const names = typeof propertyNames === 'object' ? propertyNames.enum : undefined;
  if (!names) return `object of ${value}`;
  return `object of ${value} with ${required ? 'each' : 'any'} of ${names.map(code).join(', ')}`;
}

function scalarOf({ type, format, maxLength, minimum, maximum, default: otherwise }: JsonSchema): string {
  const what = format === 'date-time' ? 'instant' : String(type ?? '');
  const longest = maxLength === undefined ? '' : ` of at most ${maxLength} characters`;
  const range = maximum === undefined ? '' : ` from ${minimum} to ${maximum}`;
  return `${what}${longest}${range}${otherwise === undefined ? '' : `, default ${otherwise}`}`;
}
