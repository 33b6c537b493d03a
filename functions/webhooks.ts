import { receiveWebhook } from '../shared/intake/receive-webhook.ts';
import { shakeHands } from '../shared/intake/shake-hands.ts';
import { Problem } from '../shared/lifecycle/errors.ts';
import { type HttpRequest, http } from '../shared/middleware/http.ts';
import { showAccepted } from '../shared/operate/show.ts';
import { wireWithSources } from '../shared/wiring.ts';

const { world, http: shared, source } = wireWithSources();

/** HR and ticketing systems post here. A delivery is verified, read and recorded; nothing is provisioned within the request. */
export const handler = http(shared, {
  'POST /webhooks/{source}': (request) => receive(request.params['source'] ?? '', request),
  'POST /webhooks/generic/{name}': (request) => receive(`generic/${request.params['name']}`, request),
  'GET /webhooks/{source}': (request) => answerHandshake(request.params['source'] ?? '', request),
});

async function receive(name: string, { headers, body }: HttpRequest) {
  const configured = await configuredSource(name);
  const accepted = await receiveWebhook(world, configured, { headers, body, receivedAt: world.clock.now() });
  return {
    status: configured.acceptedStatus,
    body: { jobs: accepted.map(({ job, isDuplicate }) => showAccepted(job, isDuplicate)) },
  };
}

async function answerHandshake(name: string, { headers }: HttpRequest) {
  const configured = await configuredSource(name);
  return { status: 200, body: shakeHands(configured, { headers, receivedAt: world.clock.now() }) };
}

async function configuredSource(name: string) {
  const configured = await source(name);
  if (!configured) throw new Problem('not-found', 'There is no such source, or it is not configured.');
  return configured;
}
