import { isSigned } from '../credentials.js';
import { readSecret } from '../read-secret.js';
import { accept } from './accept.js';

export const handler = accept('/webhooks/:source', {
  source: 'standard-webhooks',
  idHeader: 'webhook-id',
  isFrom: async ({ headers, body, params }) => {
    const sources = await readSecret(process.env.SOURCES_SECRET_ID);
    const settings = sources[params.source];
    return settings !== undefined && isSigned(headers, body, settings);
  },
});
