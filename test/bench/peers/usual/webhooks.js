import { isSigned } from '../credentials.js';
import { readSecret } from '../read-secret.js';
import { accept } from './accept.js';

export const handler = accept('standard-webhooks', 'webhook-id', async ({ headers, body, pathParameters }) => {
  const sources = await readSecret(process.env.SOURCES_SECRET_ID);
  const settings = sources[pathParameters.source];
  return settings !== undefined && isSigned(headers, body, settings);
});
