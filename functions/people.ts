import { parseJson } from '../shared/lifecycle/event.ts';
import { http, requireJson, requireKnownQuery, requireMediaType } from '../shared/middleware/http.ts';
import { findPerson } from '../shared/operate/find-person.ts';
import { IMPORT_TYPES } from '../shared/operate/import-file.ts';
import { importPeople } from '../shared/operate/import-people.ts';
import { linkAccount } from '../shared/operate/link-account.ts';
import { showPerson } from '../shared/operate/show.ts';
import { wire } from '../shared/wiring.ts';

const { config, world, http: shared } = wire();

/** What a person holds and why, and the link between a person and their account. */
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
