import { receiveWebhook } from '../shared/intake/receive-webhook.ts';
import { Problem } from '../shared/lifecycle/errors.ts';
import { http, type HttpRequest } from '../shared/middleware/http.ts';
import { showAccepted } from '../shared/operate/show.ts';
import { wire } from '../shared/wiring.ts';

const { world, http: shared, source } = wire();

/** HR and ticketing systems post here. A delivery is verified, read and recorded; nothing is provisioned within the request. */
export const handler = http(shared, {
  'POST /webhooks/{source}': { answer: (request) => receive(request.params['source'] ?? '', request) },
});

async function receive(name: string, { headers, body }: HttpRequest) {
  const configured = await source(name);
  if (!configured) throw new Problem('not-found', 'There is no such source, or it is not configured.');
  const accepted = await receiveWebhook(world, configured, { headers, body, receivedAt: world.clock.now() });
  return { status: 202, body: { jobs: accepted.map(({ job, isDuplicate }) => showAccepted(job, isDuplicate)) } };
}
