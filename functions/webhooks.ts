import { receiveWebhook } from '../shared/intake/receive-webhook.ts';
import { Problem } from '../shared/lifecycle/errors.ts';
import { type HttpRequest, http } from '../shared/middleware/http.ts';
import { showAccepted } from '../shared/operate/show.ts';
import { wire } from '../shared/wiring.ts';

const { world, http: shared, source } = wire();

/** HR and ticketing systems post here. A delivery is verified, read and recorded; nothing is provisioned within the request. */
export const handler = http(shared, {
  'POST /webhooks/{source}': (request) => receive(request.params['source'] ?? '', request),
  'POST /webhooks/generic/{name}': (request) => receive(`generic/${request.params['name']}`, request),
  'GET /webhooks/{source}': ({ params }) => handshake(params['source'] ?? ''),
});

async function receive(name: string, { headers, body }: HttpRequest) {
  const configured = await configuredSource(name);
  const accepted = await receiveWebhook(world, configured, { headers, body, receivedAt: world.clock.now() });
  return {
    status: configured.acceptedStatus,
    body: { jobs: accepted.map(({ job, isDuplicate }) => showAccepted(job, isDuplicate)) },
  };
}

/** No configured source shakes hands by GET. */
async function handshake(name: string): Promise<never> {
  await configuredSource(name);
  throw new Problem('method-not-allowed', 'This source sends by POST.', { headers: { allow: 'POST' } });
}

async function configuredSource(name: string) {
  const configured = await source(name);
  if (!configured) throw new Problem('not-found', 'There is no such source, or it is not configured.');
  return configured;
}
