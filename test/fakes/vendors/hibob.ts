/**
 * HiBob's people endpoint. An employee is kept by the field ids, `work.department` and so on, with readable values. `_hidden` lists fields
 * that the service user may not see; `_shape: "nested"` answers `{work: {department}}` instead of `{"/work/department": {value}}`; `_more` is
 * sent although nobody asked.
 */
import { type Employee, isBasic, type VendorFake, type VendorReply, vendorFake } from './vendor.ts';

/** What a service user signs in with. */
export interface ServiceUser {
  id: string;
  token: string;
}

const SERVICE_USER: ServiceUser = { id: 'SERVICE-local-demo', token: 'local-demo-hibob-token' };
const PATH = /^\/people\/(\d+)$/;
/** Choices from lists: stored is the id of the choice. */
const LISTS = ['work.department', 'work.title', 'work.site'];
const KNOWN = [...LISTS, 'root.email', 'work.startDate', 'internal.terminationDate', 'internal.status'];

/** @param user whom it accepts; unless said otherwise the one of `npm start`. */
export function hibobFake(user = SERVICE_USER): VendorFake {
  return vendorFake((request, employees) => {
    if (!isBasic(request, user.id, user.token)) return { status: 401, body: { error: 'Unauthorized' } };
    const employee = employees.get(PATH.exec(request.path)?.[1] ?? '');
    if (request.method !== 'POST' || !employee) return { status: 404, body: { error: 'Not found' } };
    const asked = read(request.body);
    return asked ? answer(employee, asked) : { status: 400, body: { error: 'Bad request' } };
  });
}

interface Asked {
  fields: string[];
  humanReadable?: string;
}

function read(body: string): Asked | null {
  try {
    const asked = JSON.parse(body) as Asked;
    return Array.isArray(asked.fields) ? asked : null;
  } catch {
    return null;
  }
}

function answer(employee: Employee, { fields, humanReadable }: Asked): VendorReply {
  const { _hidden: hidden = [], _shape: shape, _more: more = {} } = employee;
  const shown = fields.filter((field) => KNOWN.includes(field) && !(hidden as string[]).includes(field));
  const write = shape === 'nested' ? nested : flat;
  const stored = {
    ...(more as Employee),
    ...write(shown.map((field) => [field, storedValue(field, employee[field] ?? null)])),
  };
  const readable = write(
    shown.flatMap((field) => (employee[field] == null ? [] : [[field, readableValue(employee[field])]])),
  );
  if (humanReadable === 'REPLACE') return { status: 200, body: { ...stored, ...readable } };
  return { status: 200, body: { ...stored, ...(humanReadable === 'APPEND' && { humanReadable: readable }) } };
}

type Written = [field: string, value: unknown][];

function storedValue(field: string, value: unknown): unknown {
  if (value === null || !LISTS.includes(field)) return value;
  return String(250_000_000 + [...String(value)].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 0));
}

/** Dates in the company's own format, day first. */
function readableValue(value: unknown): unknown {
  return String(value).replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$3/$2/$1');
}

function flat(members: Written): Record<string, unknown> {
  return Object.fromEntries(members.map(([field, value]) => [`/${field.replace('.', '/')}`, { value }]));
}

/** What is within `root` stands at the top. */
function nested(members: Written): Record<string, unknown> {
  const written: Record<string, Record<string, unknown>> = {};
  for (const [field, value] of members) {
    const [category = '', name = ''] = field.split('.');
    written[category] = { ...written[category], [name]: value };
  }
  const { root, ...categories } = written;
  return { ...root, ...categories };
}
