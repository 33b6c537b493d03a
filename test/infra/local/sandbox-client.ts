import { onTestFinished } from 'vitest';
import { type SandboxOptions, startConscentSandbox } from '../../../infra/local/conscent-sandbox.ts';

const BASIC = `Basic ${Buffer.from('box-key:box:secret').toString('base64')}`;
/** A user the sandbox has nothing against. */
export const LENA = {
  email: 'lena@example.net',
  password: 'Kq7-plum',
  role: 'ADMIN',
  permissions: { ga4: true, export: false },
};

/** A sandbox for one test, and somebody with the right credentials to talk to it. */
export async function start(options: Partial<SandboxOptions> = {}) {
  const credentials = { apiKey: 'box-key', apiSecret: 'box:secret' };
  const sandbox = await startConscentSandbox({ port: 0, credentials, ...options });
  onTestFinished(() => sandbox.close());
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(path, sandbox.url), {
      method,
      headers: { authorization: BASIC, 'content-type': 'application/json', ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown };
  };
  const post = (body: unknown, headers?: Record<string, string>) => send('POST', 'v2/client/multi-user', body, headers);
  const patch = (id: string, body: unknown) => send('PATCH', `v2/client/multi-user/${id}`, body);
  const created = async (email = LENA.email) => {
    await post({ ...LENA, email });
    return sandbox.users().find((user) => user.email === email)?.userId ?? '';
  };
  return { sandbox, send, post, patch, created };
}
