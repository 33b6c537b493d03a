/**
 * Gusto's API, as far as it is asked: `GET /v1/employees/{uuid}`, and the verification of one subscription. An employee is kept flat: `work_email`,
 * `email` (the private one), `department`, `title`, `hire_date`, `effective_date` (of a termination), `terminated`; other members are sent as they are.
 */
import { type Employee, type VendorFake, type VendorReply, type VendorRequest, vendorFake } from './vendor.ts';

const EMPLOYEE = /^\/v1\/employees\/([^/]+)$/;

/** The subscription that the fake has sent its token for. */
export const SUBSCRIPTION = {
  uuid: '7c0f1d52-93be-4c1a-8f7e-5d2f0b9a6e31',
  token: 'f3b7c9de-4a10-4b65-9d3e-c27f60a1b842',
};

interface Tokens {
  /** Of the company: its employees. */
  api: string;
  /** Of the application: its subscriptions. */
  system: string;
}

/** A fake that knows one token of either kind, neither of which has the rights of the other. */
export function gustoFake(
  { api, system }: Tokens = { api: 'local-gusto-api', system: 'local-gusto-system' },
): VendorFake {
  let status = 'pending';
  return vendorFake((request, employees) => {
    const isVerification = request.path.startsWith('/v1/webhook_subscriptions/');
    if (request.headers['authorization'] !== `Bearer ${isVerification ? system : api}`)
      return refusal(401, 'unauthorized');
    if (!isVerification) return employeeIn(request, employees);
    if (!isOfSubscription(request)) return refusal(422, 'invalid_attribute_value');
    status = 'verified';
    return { status: 200, body: { uuid: SUBSCRIPTION.uuid, url: 'https://hooks.example', status } };
  });
}

function isOfSubscription({ method, path, body }: VendorRequest): boolean {
  const isAsked = method === 'PUT' && path === `/v1/webhook_subscriptions/${SUBSCRIPTION.uuid}/verify`;
  return isAsked && (JSON.parse(body) as { verification_token?: string }).verification_token === SUBSCRIPTION.token;
}

function employeeIn({ method, path }: VendorRequest, employees: Map<string, Employee>): VendorReply {
  const [, uuid = ''] = EMPLOYEE.exec(path) ?? [];
  const employee = employees.get(decodeURIComponent(uuid));
  if (method !== 'GET' || !employee) return refusal(404, 'not_found');
  const { title = null, hire_date, effective_date, ...more } = employee;
  const job = { uuid: 'job-1', title, hire_date, primary: true, rate: '1.00' };
  return {
    status: 200,
    body: {
      uuid,
      first_name: 'Fake',
      email: null,
      work_email: null,
      department: null,
      terminated: false,
      terminations: effective_date === undefined ? [] : [{ uuid: 'end-1', effective_date, active: false }],
      jobs: hire_date === undefined ? [] : [job],
      current_employment_status: 'full_time',
      ...more,
    },
  };
}

function refusal(status: number, category: string): VendorReply {
  return { status, body: { errors: [{ error_key: 'base', category, message: 'refused' }] } };
}
