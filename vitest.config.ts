import { defineConfig } from 'vitest/config';
import { ymlInForce, ymlModule } from './infra/yml.ts';

export default defineConfig({
  plugins: [
    {
      name: 'yml-modules',
      enforce: 'pre',
      load(id) {
        if (!id.endsWith('.yml')) return null;
        return ymlModule(ymlInForce(id, process.env['ACCESS_POLICY_FILE']));
      },
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/infra/package/clear.ts'],
    // A process a file: handlers read process.env when they load, and end-to-end tests start processes of their own.
    pool: 'forks',
    // No test may depend on the one before it.
    sequence: { shuffle: true },
    // Long, because two cores may be busy: no test waits for time to pass.
    testTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['functions/**', 'shared/**'],
      reporter: ['text-summary', 'html'],
      thresholds: {
        'shared/lifecycle/**': { lines: 95 },
        'shared/reconcile/**': { lines: 95 },
      },
    },
  },
});
