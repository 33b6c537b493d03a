import { afterEach, expect, test, vi } from 'vitest';
import { defaultProvider } from '../../shared/platform/function-credentials.ts';

afterEach(() => vi.unstubAllEnvs());

test('the credentials of a function are those that Lambda puts into its environment, the session token with them', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAPRESS');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'press-secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'press-session');
  expect(await defaultProvider()()).toMatchObject({
    accessKeyId: 'ASIAPRESS',
    secretAccessKey: 'press-secret',
    sessionToken: 'press-session',
  });
});

test('where there are none nothing else is searched', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_PROFILE', 'somebody');
  await expect(defaultProvider()()).rejects.toThrow('Unable to find environment variable credentials');
});
