/**
 * Okta's API, as far as it is asked: one user by id, by login, or `me`, who is whoever the token belongs to. A user that is told little of is filled
 * up, so that `PUT _users/{id} {}` hires somebody; `{"status":"SUSPENDED"}` suspends them.
 */
import { type Employee, type VendorFake, type VendorReply, type VendorRequest, vendorFake } from './vendor.ts';

const PATH = /^\/api\/v1\/users\/([^/]+)$/;
/** Whose token it is. */
const OKTA_ADMIN = '00u5fadmin0ofthefake';

/** A user in Okta's shape, with the personal data that a real one carries; `more` replaces members, and single members of the profile. */
export function oktaUser(id: string, { profile, ...more }: Employee = {}): Employee {
  return {
    id,
    status: 'ACTIVE',
    created: '2026-01-05T08:00:00.000Z',
    activated: '2026-01-05T08:00:01.000Z',
    statusChanged: '2026-01-05T08:00:01.000Z',
    lastLogin: null,
    lastUpdated: '2026-01-05T08:00:01.000Z',
    passwordChanged: '2026-01-05T08:00:01.000Z',
    type: { id: 'oty5fuser0ofthefake0' },
    profile: {
      firstName: 'Sanna',
      lastName: 'Berg',
      mobilePhone: null,
      secondEmail: null,
      login: 'sanna.berg@press.example',
      email: 'sanna@press.example',
      ...(profile as Employee | undefined),
    },
    credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
    _links: { self: { href: `https://press.okta.example/api/v1/users/${id}` } },
    ...more,
  };
}

/** A fake Okta. */
export function oktaFake(apiToken = 'local-okta-api-token'): VendorFake {
  return vendorFake((request, users) => {
    if (request.headers['authorization'] !== `SSWS ${apiToken}`)
      return problem(401, 'E0000011', 'Invalid token provided');
    const [, name = ''] = PATH.exec(request.path) ?? [];
    if (request.method !== 'GET') return problem(405, 'E0000022', 'The endpoint does not support the HTTP method');
    return found(decodeURIComponent(name), users, request);
  });
}

function found(name: string, users: Map<string, Employee>, { path }: VendorRequest): VendorReply {
  if (name === 'me') return { status: 200, body: oktaUser(OKTA_ADMIN) };
  const byLogin = ([id, user]: [string, Employee]) => (oktaUser(id, user)['profile'] as Employee)['login'] === name;
  const [id, user] = [...users].find((one) => one[0] === name || byLogin(one)) ?? [];
  if (id !== undefined && user) return { status: 200, body: oktaUser(id, user) };
  return problem(404, 'E0000007', `Not found: Resource not found: ${path} (User)`);
}

function problem(status: number, errorCode: string, errorSummary: string): VendorReply {
  return { status, body: { errorCode, errorSummary, errorLink: errorCode, errorId: 'oae5ffake', errorCauses: [] } };
}
