/**
 * Deel's API, as far as it is asked: `GET /rest/v2/people/{id}`. An employee is kept flat: `work_email`, `private_email`, `department` (by name),
 * `job_title`, `start_date`, `termination_last_day`, `completion_date`; other members are sent as they are, `employments` among them.
 */
import { type Employee, type VendorFake, type VendorReply, vendorFake } from './vendor.ts';

const PERSON = /^\/rest\/v2\/people\/([^/]+)$/;

/** A fake that knows one token. */
export function deelFake(apiToken = 'local-deel-api-token'): VendorFake {
  return vendorFake(({ method, path, headers }, employees) => {
    if (headers['authorization'] !== `Bearer ${apiToken}`) return refusal(401, 'Unauthorized');
    const [, id = ''] = PERSON.exec(path) ?? [];
    const employee = employees.get(decodeURIComponent(id));
    if (method !== 'GET' || !employee) return refusal(404, 'Profile not found');
    return { status: 200, body: { data: personOf(id, employee) } };
  });
}

function personOf(id: string, employee: Employee): Employee {
  const { work_email = null, private_email = null, department, ...more } = employee;
  const { job_title = null, start_date = null, completion_date = null, termination_last_day = null } = employee;
  return {
    id,
    first_name: 'Fake',
    emails: [
      { type: 'primary', value: private_email },
      { type: 'work', value: work_email },
      { type: 'personal', value: private_email },
    ],
    department: department === undefined ? null : { id: 'd-1', name: department },
    hiring_status: 'active',
    hiring_type: 'eor',
    direct_employee_termination_last_day: null,
    employments: [
      {
        id: 'c-1',
        email: private_email,
        start_date,
        completion_date,
        termination_last_day,
        contract_status: 'in_progress',
      },
    ],
    ...more,
    job_title,
  };
}

function refusal(status: number, message: string): VendorReply {
  return { status, body: { errors: [{ message }] } };
}
