/**
 * ServiceNow's Table API, as far as it is asked: a requested item with the fields that are asked for, and its update. A record is kept as
 * scripts see it: `variables` and what a reference leads to are objects, whose `sys_id` is the reference. What was written to it is in its
 * `journal`; every update counts `sys_mod_count` up.
 */
import { type Employee, isBasic, type VendorFake, type VendorReply, type VendorRequest, vendorFake } from './vendor.ts';

const RECORD = /^\/api\/now\/table\/([a-z0-9_]+)\/([^/]+)$/;
const JOURNALS = ['work_notes', 'comments'];
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})/;

/** A fake ServiceNow. */
export function servicenowFake(user = 'conscent.lifecycle', password = 'local-servicenow-password'): VendorFake {
  return vendorFake((request, records) => {
    if (!isBasic(request, user, password))
      return refusal(401, 'User Not Authenticated', 'Required to provide Auth information');
    const [, table = '', id = ''] = RECORD.exec(request.path) ?? [];
    if (table !== 'sc_req_item') return refusal(400, `Invalid table ${table}`, '');
    const record = records.get(id);
    if (!record) return refusal(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
    if (request.method === 'GET') return { status: 200, body: { result: shown(id, record, request) } };
    return request.method === 'PATCH' ? updated(id, record, request, user) : refusal(405, 'Method not supported', '');
  });
}

function refusal(status: number, message: string, detail: string): VendorReply {
  return { status, body: { error: { message, detail }, status: 'failure' } };
}

/** Dot-walked fields come flat; a variable that the item does not have is empty, and a field that the table does not have is left out. */
function shown(id: string, record: Employee, { query }: VendorRequest): Record<string, unknown> {
  const all: Employee = { ...record, sys_id: id };
  const fields = query.get('sysparm_fields')?.split(',') ?? Object.keys(all);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = field.split('.').reduce(step, all);
      if (value === undefined && !field.includes('.')) return [];
      return [[field, written(field, value ?? '', query)]];
    }),
  );
}

function step(here: unknown, name: string): unknown {
  return typeof here === 'object' && here !== null ? (here as Employee)[name] : undefined;
}

function written(field: string, value: unknown, query: URLSearchParams): unknown {
  if (typeof value === 'object') return reference(field, value as Employee, query);
  if (query.get('sysparm_display_value') !== 'true') return String(value);
  // As a British user would see it.
  return String(value).replace(ISO_DATE, '$3/$2/$1');
}

function reference(field: string, { sys_id: value }: Employee, query: URLSearchParams): unknown {
  const link = `https://press.example/api/now/table/${field}/${value}`;
  return query.get('sysparm_exclude_reference_link') === 'true' ? value : { link, value };
}

function updated(id: string, record: Employee, request: VendorRequest, user: string): VendorReply {
  const changes = objectIn(request.body);
  if (!changes) return refusal(400, 'Exception while reading request', '');
  const written = Object.entries(changes).filter(([field]) => JOURNALS.includes(field));
  Object.assign(record, Object.fromEntries(Object.entries(changes).filter(([field]) => !JOURNALS.includes(field))), {
    journal: [...journalOf(record), ...written.map(([field, text]) => ({ field, text: String(text), by: user }))],
    sys_mod_count: String(Number(record['sys_mod_count'] ?? 0) + 1),
    sys_updated_by: user,
  });
  if (request.headers['x-no-response-body'] === 'true') return { status: 200 };
  return { status: 200, body: { result: shown(id, record, request) } };
}

function objectIn(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** What was written to a record, oldest first. */
export function journalOf(record: Employee | undefined): { field: string; text: string; by: string }[] {
  const { journal } = record ?? {};
  return Array.isArray(journal) ? journal : [];
}
