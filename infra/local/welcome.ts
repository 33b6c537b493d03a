/** What `npm start` prints when everything is ready. */
import { createHash } from 'node:crypto';
import { readSecretsFile } from './secrets-file.ts';
import type { Settings } from './settings.ts';

/** The token whose hash is in `secrets.json`; it opens nothing but a local stack. */
export const DEMO_TOKEN = 'local-demo-token';

interface Welcome {
  settings: Pick<Settings, 'port' | 'sandboxPort' | 'secretsFile' | 'dataDir'>;
  env: Readonly<Record<string, string | undefined>>;
  seconds: number;
  clockOffsetMs: number;
  queueUrl: string;
}

/** The addresses, the demo token where it is in force, and two calls to try. */
export function welcome({ settings, env, seconds, clockOffsetMs, queueUrl }: Welcome): string {
  const token = knowsDemoToken(settings.secretsFile) ? DEMO_TOKEN : '<your token>';
  const url = `http://127.0.0.1:${settings.port}`;
  const sandbox = `http://127.0.0.1:${settings.sandboxPort}/_sandbox`;
  const conscent = env['CONSCENT_BASE_URL'];
  return [
    `Ready after ${seconds.toFixed(1)} s. Ctrl-C ends it.`,
    '',
    `  API       ${url}`,
    conscent
      ? `  Conscent  ${conscent} as you have set it: what you send really happens there. The clock: ${sandbox}/clock`
      : `  Conscent  the sandbox: ${sandbox}/users shows its accounts, ${sandbox}/clock moves the time`,
    `  Token     ${token}`,
    `  Queue     ${queueUrl}`,
    `  Tables    ${settings.dataDir ?? 'in memory; DATA_DIR keeps them'}`,
    ...(clockOffsetMs > 0 ? [`  Clock     ${clockOffsetMs / 1000} s ahead, as it was left in DATA_DIR`] : []),
    '',
    'Try:',
    `  curl ${url}/events -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -H 'Prefer: wait=10' -d '{"type":"onboard","person":{"email":"ana@example.com","department":"Finance"}}'`,
    `  curl ${url}/people/ana@example.com -H 'Authorization: Bearer ${token}'`,
    '',
    '',
  ].join('\n');
}

function knowsDemoToken(secretsFile: string): boolean {
  const sha256 = createHash('sha256').update(DEMO_TOKEN).digest('hex');
  return JSON.stringify(readSecretsFile(secretsFile).tokens).includes(sha256);
}
