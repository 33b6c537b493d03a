/** Lets plain Node import `*.yml`: `node --import ./infra/yml-hook.ts some.ts`. */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ymlInForce, ymlModule } from './yml.ts';

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.yml')) return nextLoad(url, context);
    const file = ymlInForce(fileURLToPath(url), process.env['ACCESS_POLICY_FILE']);
    return { format: 'module', source: ymlModule(file), shortCircuit: true };
  },
});
