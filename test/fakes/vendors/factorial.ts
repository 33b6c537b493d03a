/**
 * Factorial's API, as far as it is asked: an employee, their contract versions and team memberships in pages, a team, a workplace. What is told
 * of an employee besides their own members is `contract_versions`, `teams` (names) and `location` (a name; `timezone` beside it).
 */
import { type Employee, type VendorFake, type VendorReply, type VendorRequest, vendorFake } from './vendor.ts';

const PATH = /^\/api\/\d{4}-\d{2}-\d{2}\/resources\/([a-z_]+\/[a-z_]+)(?:\/(\d+))?$/;
const NOT_FOUND: VendorReply = { status: 404, body: { errors: { exception: 'Record not found' } } };

/** An employee as this fake is told of them; `more` replaces members. */
export function factorialEmployee(more: Employee = {}): Employee {
  return {
    first_name: 'Nuria',
    last_name: 'Vidal',
    full_name: 'Nuria Vidal',
    email: 'nuria@press.example',
    login_email: 'nuria@press.example',
    personal_email: 'nuria.private@mail.example',
    active: true,
    is_terminating: false,
    terminated_on: null,
    contract_versions: [{ effective_on: '2026-02-02', starts_on: '2026-02-02', job_title: 'Editor' }],
    teams: ['Newsroom'],
    location: 'Girona',
    timezone: 'Europe/Madrid',
    ...more,
  };
}

/** A fake Factorial. An employee that is told little of is filled up, so that `PUT _employees/7 {}` hires somebody. */
export function factorialFake(apiKey = 'local-factorial-key'): VendorFake {
  return vendorFake((request, employees) => answer(request, employees, apiKey));
}

function answer(request: VendorRequest, employees: Map<string, Employee>, apiKey: string): VendorReply {
  if (request.headers['x-api-key'] !== apiKey) return { status: 401, body: { errors: { exception: 'Unauthorized' } } };
  const [, resource = '', id = ''] = PATH.exec(request.path) ?? [];
  const asked = request.query.get('employee_ids[]') ?? '';
  const known = new Map([...employees].map(([key, employee]) => [key, factorialEmployee(employee)]));
  const named = (member: string, nth: string) => namesIn(known, member)[Number(nth) - 1];
  switch (resource) {
    case 'employees/employees':
      return found(known.get(id), (employee) => recordOf(id, employee, known));
    case 'contracts/contract_versions':
      return page(rows(known.get(asked)?.['contract_versions']).map((row) => ({ employee_id: Number(asked), ...row })));
    case 'teams/memberships':
      return page(membershipsOf(asked, known));
    case 'teams/teams':
      return found(named('teams', id), (name) => ({ id: Number(id), name, company_id: 1 }));
    case 'locations/locations':
      return found(named('location', id), (name) => ({ id: Number(id), name, timezone: zoneOf(name, known) }));
    default:
      return NOT_FOUND;
  }
}

function found<T>(value: T | undefined, body: (value: T) => object): VendorReply {
  return value === undefined ? NOT_FOUND : { status: 200, body: body(value) };
}

function page(data: object[]): VendorReply {
  return { status: 200, body: { data, meta: { has_next_page: false, has_previous_page: false, limit: 100 } } };
}

function recordOf(
  id: string,
  { contract_versions, teams, location, timezone, ...own }: Employee,
  all: Map<string, Employee>,
) {
  const nth = namesIn(all, 'location').indexOf(String(location)) + 1;
  return { id: Number(id), access_id: Number(id) + 1000, company_id: 1, location_id: nth || null, ...own };
}

function membershipsOf(id: string, all: Map<string, Employee>): object[] {
  const teams = namesIn(all, 'teams');
  const own = strings(all.get(id)?.['teams']);
  return own.map((name, nth) => ({
    id: nth + 1,
    employee_id: Number(id),
    team_id: teams.indexOf(name) + 1,
    lead: false,
  }));
}

/** The names of all teams, or of all workplaces: a name's id is its place among them. */
function namesIn(all: Map<string, Employee>, member: string): string[] {
  return [...new Set([...all.values()].flatMap((employee) => strings(employee[member])))];
}

function zoneOf(location: string, all: Map<string, Employee>): unknown {
  return [...all.values()].find((employee) => employee['location'] === location)?.['timezone'];
}

function strings(value: unknown): string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string');
}

function rows(value: unknown): object[] {
  return [value].flat().filter((one): one is object => typeof one === 'object' && one !== null);
}
