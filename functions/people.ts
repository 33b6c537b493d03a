import { parseJson } from '../shared/lifecycle/json.ts';
import {
  type HttpRequest,
  http,
  requireJson,
  requireKnownQuery,
  requireMediaType,
  requireNothing,
} from '../shared/middleware/http.ts';
import { findPerson } from '../shared/operate/find-person.ts';
import { IMPORT_TYPES } from '../shared/operate/import-file.ts';
import { importPeople } from '../shared/operate/import-people.ts';
import { linkAccount } from '../shared/operate/link-account.ts';
import { reapply } from '../shared/operate/reapply.ts';
import { releasePerson } from '../shared/operate/release.ts';
import { setPassword } from '../shared/operate/set-password.ts';
import { showPerson } from '../shared/operate/show.ts';
import { callForOperator } from '../shared/reconcile/call.ts';
import { wire } from '../shared/wiring.ts';

const { config, world, http: shared } = wire();

const addressIn = ({ params }: HttpRequest) => params['email'] ?? '';

/** What a person holds and why, and what an operator may do about it. */
export const handler = http(shared, {
  'POST /people/import': async (request, { name }) => {
    const type = requireMediaType(request, IMPORT_TYPES);
    requireKnownQuery(request);
    const allowedDomains = config.allowedEmailDomains;
    return {
      status: 200,
      body: { lines: await importPeople(world, { type, file: request.body, by: name, allowedDomains }) },
    };
  },
  'GET /people/{email}': async (request) => {
    requireKnownQuery(request);
    return { status: 200, body: showPerson(world, await findPerson(world, addressIn(request))) };
  },
  'PUT /people/{email}/account': async (request, { name }) => {
    requireJson(request);
    requireKnownQuery(request);
    const link = { address: addressIn(request), body: parseJson(request.body), by: name };
    return { status: 200, body: showPerson(world, await linkAccount(world, link)) };
  },
  'POST /people/{email}/release': async (request, { name }) => {
    requireNothing(request);
    return { status: 200, body: await releasePerson(world, { address: addressIn(request), by: name }) };
  },
  'POST /people/{email}/reapply': async (request, { name }) => {
    requireNothing(request);
    const person = await reapply(world, { address: addressIn(request), by: name });
    return { status: 202, body: showPerson(world, person) };
  },
  'POST /people/{email}/password': async (request, { name }) => {
    requireNothing(request);
    const password = await setPassword(world, callForOperator, { address: addressIn(request), by: name });
    return { status: 200, body: { password } };
  },
});
