import { parseJson } from '../shared/lifecycle/event.ts';
import { http, requireJson, requireKnownQuery } from '../shared/middleware/http.ts';
import { findPerson } from '../shared/operate/find-person.ts';
import { linkAccount } from '../shared/operate/link-account.ts';
import { showPerson } from '../shared/operate/show.ts';
import { wire } from '../shared/wiring.ts';

const { world, http: shared } = wire();

/** What a person holds and why, and the link between a person and their account. */
export const handler = http(shared, {
  'GET /people/{email}': async (request) => {
    requireKnownQuery(request);
    return { status: 200, body: showPerson(world, await findPerson(world, request.params['email'] ?? '')) };
  },
  'PUT /people/{email}/account': async (request, { name }) => {
    requireJson(request);
    requireKnownQuery(request);
    const address = request.params['email'] ?? '';
    return {
      status: 200,
      body: showPerson(world, await linkAccount(world, { address, body: parseJson(request.body), by: name })),
    };
  },
});
