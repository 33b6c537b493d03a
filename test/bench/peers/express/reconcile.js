/** A wake-up reaches the app as a POST, which is how the Lambda Web Adapter hands over what is no HTTP. */
import express from 'express';
import serverless from 'serverless-http';
import { z } from 'zod';
import { onboard } from '../onboard.js';

const wakeUpSchema = z.object({ jobId: z.string() });

async function create(account, { apiKey, apiSecret }) {
  const authorization = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
  const url = new URL('v2/client/multi-user', process.env.CONSCENT_BASE_URL);
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(account) });
  if (!answer.ok) throw new Error(`Conscent answered ${answer.status}`);
  const { userId } = await answer.json();
  return userId;
}

const app = express();
app.use(express.json());
app.post('/wake', async ({ body }, response) => {
  await onboard(wakeUpSchema.parse(body).jobId, create);
  response.status(204).end();
});
const served = serverless(app);

export async function handler({ Records }, context) {
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    const { statusCode } = await served(requestOf(body), context);
    if (statusCode !== 204) batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
}

function requestOf(body) {
  const http = { method: 'POST', path: '/wake', sourceIp: '127.0.0.1' };
  const headers = { 'content-type': 'application/json' };
  return { version: '2.0', rawPath: '/wake', rawQueryString: '', headers, body, requestContext: { http } };
}
