import { isBearer } from '../credentials.js';
import { readSecret } from '../read-secret.js';
import { accept } from './accept.js';

export const handler = accept('api', 'idempotency-key', async ({ headers }) =>
  isBearer(headers, await readSecret(process.env.TOKENS_SECRET_ID)),
);
