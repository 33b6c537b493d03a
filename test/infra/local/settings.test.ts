import { expect, test } from 'vitest';
import { readSettings } from '../../../infra/local/settings.ts';

test('without any variable the documented defaults are in force', () => {
  expect(readSettings({})).toMatchObject({
    port: 3000,
    sandboxPort: 3010,
    sweepIntervalSeconds: 60,
    dataDir: undefined,
  });
});

test('an empty variable counts as not set', () => {
  expect(readSettings({ PORT: '', SECRETS_FILE: '', DATA_DIR: '' })).toMatchObject({ port: 3000, dataDir: undefined });
});

test('a sweep interval may be a fraction of a second', () => {
  expect(readSettings({ SWEEP_INTERVAL_SECONDS: '0.2' }).sweepIntervalSeconds).toBe(0.2);
});

test.each([
  ['PORT', '80x'],
  ['PORT', '0'],
  ['PORT', '65536'],
  ['PORT', '3000.5'],
  ['PORT', '1e3'],
  ['SANDBOX_PORT', '-1'],
  ['SWEEP_INTERVAL_SECONDS', 'soon'],
  ['SWEEP_INTERVAL_SECONDS', '0'],
  ['CONSCENT_MAX_CONCURRENCY', '2.5'],
  ['SECRETS_FILE', 'no-such-file.json'],
  ['SECRETS_FILE', 'package.json'],
  ['SECRETS_FILE', 'biome.json/'],
  ['ACCESS_POLICY_FILE', 'no-such-file.yml'],
  ['ACCESS_POLICY_FILE', 'serverless.yml'],
])('%s=%s is refused in one line that names the variable', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name}\\b.+$`));
});

test('the same port twice is refused', () => {
  expect(() => readSettings({ PORT: '4000', SANDBOX_PORT: '4000' })).toThrow('PORT and SANDBOX_PORT are both 4000');
});
