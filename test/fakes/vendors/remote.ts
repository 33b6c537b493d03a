/** Remote's API, as far as it is asked: one employment by its id, wrapped twice, for a company's token. */
import { type Employee, type VendorFake, type VendorReply, type VendorRequest, vendorFake } from './vendor.ts';

const PATH = /^\/v1\/employments\/([^/]+)$/;

/** An employment in Remote's shape, with the personal data that a real one carries; `more` replaces members. */
export function remoteEmployment(id: string, more: Employee = {}): Employee {
  return {
    id,
    type: 'employee',
    status: 'active',
    user_status: 'active',
    employment_lifecycle_stage: 'onboarded',
    full_name: 'Ines Prado',
    work_email: 'ines@press.example',
    personal_email: 'ines.private@mail.example',
    login_email: 'ines.private@mail.example',
    job_title: 'Editor',
    department: 'Newsroom',
    country: { code: 'PRT', alpha_2_code: 'PT', name: 'Portugal' },
    provisional_start_date: '2026-02-02',
    termination_date: null,
    files: [],
    ...more,
  };
}

/** A fake Remote. An employee that is told little of is filled up, so that `PUT _employees/{id} {}` hires somebody. */
export function remoteFake(apiToken = 'local-remote-token'): VendorFake {
  return vendorFake((request, employees) => answer(request, employees, apiToken));
}

function answer(
  { method, path, headers }: VendorRequest,
  employees: Map<string, Employee>,
  token: string,
): VendorReply {
  if (headers['authorization'] !== `Bearer ${token}`) return { status: 401, body: { message: 'Unauthorized' } };
  const [, id = ''] = PATH.exec(path) ?? [];
  const known = employees.get(decodeURIComponent(id));
  if (method !== 'GET' || !known) return { status: 404, body: { message: 'Employment not found' } };
  return { status: 200, body: { data: { employment: remoteEmployment(id, known) } } };
}
