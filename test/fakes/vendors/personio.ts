/**
 * Personio's API v2, as far as it is asked: tokens, persons, employments, org units. An employee is kept flat: `email`, `employment_start_date`,
 * `termination_date`, `position` and `department` (by name), `type`, `status`; `employments` says all of them as they are to be sent.
 */
import { type Employee, type VendorFake, type VendorReply, type VendorRequest, vendorFake } from './vendor.ts';

/** Seconds that a token is good for. */
export const TOKEN_SECONDS = 86_400;

const PERSON = /^\/v2\/persons\/([^/]+)(\/employments)?$/;

/** A fake that knows one client. */
export function personioFake(clientId = 'local-personio-client', clientSecret = 'local-personio-secret'): VendorFake {
  const issued = new Set<string>();
  return vendorFake((request, employees) => {
    if (request.path === '/v2/auth/token') return issueToken(request, { clientId, clientSecret, issued });
    const [scheme, token = ''] = (request.headers['authorization'] ?? '').split(' ');
    if (scheme !== 'Bearer' || !issued.has(token)) return problem(401, 'Unauthorized');
    return request.path.startsWith('/v2/org-units/') ? orgUnit(request, employees) : person(request, employees);
  });
}

function issueToken(
  { method, body }: VendorRequest,
  { clientId, clientSecret, issued }: { clientId: string; clientSecret: string; issued: Set<string> },
): VendorReply {
  const form = new URLSearchParams(body);
  const isKnown = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
  if (method !== 'POST' || form.get('grant_type') !== 'client_credentials' || !isKnown)
    return problem(401, 'Invalid client');
  const token = `papi-fake-${issued.size + 1}`;
  issued.add(token);
  return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: TOKEN_SECONDS } };
}

function person({ path }: VendorRequest, employees: Map<string, Employee>): VendorReply {
  const [, id = '', list] = PERSON.exec(path) ?? [];
  const employee = employees.get(decodeURIComponent(id));
  if (!employee) return problem(404, 'Resource not found');
  const { employments, ...flat } = employee;
  if (!list) return { status: 200, body: { id, first_name: 'Fake', last_name: 'Person', email: null, ...flat } };
  const stated = Array.isArray(employments) ? employments : [employmentOf(id, flat, employees)];
  return { status: 200, body: { _data: stated, _meta: { links: { self: { href: path } } } } };
}

function employmentOf(id: string, flat: Employee, employees: Map<string, Employee>): Employee {
  const { termination_date = null, position, department } = flat;
  return {
    ...flat,
    id: `employment-of-${id}`,
    person: { id },
    status: flat['status'] ?? 'ACTIVE',
    type: flat['type'] ?? 'INTERNAL',
    employment_start_date: flat['employment_start_date'] ?? null,
    office: { id: '4' },
    position: position === undefined ? null : { title: position },
    org_units:
      department === undefined
        ? []
        : [
            { type: 'team', id: '9' },
            { type: 'department', id: idOf(employees, department) },
          ],
    termination: termination_date && { termination_date, terminated_at: '2020-01-01', type: 'QUIT' },
  };
}

function orgUnit({ path, query }: VendorRequest, employees: Map<string, Employee>): VendorReply {
  const id = path.split('/').at(-1);
  const name = departmentsOf(employees).find((department) => idOf(employees, department) === id);
  if (query.get('type') !== 'department' || name === undefined) return problem(404, 'Resource not found');
  return { status: 200, body: { id, type: 'department', name } };
}

function departmentsOf(employees: Map<string, Employee>): unknown[] {
  return [...new Set([...employees.values()].map((employee) => employee['department']))];
}

function idOf(employees: Map<string, Employee>, department: unknown): string {
  return String(700 + departmentsOf(employees).indexOf(department));
}

function problem(status: number, title: string): VendorReply {
  return { status, headers: { 'content-type': 'application/problem+json' }, body: { title, status } };
}
