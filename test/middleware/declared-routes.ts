/** The routes that deploy, as infra/functions.yml declares them. */
import { join } from 'node:path';
import * as z from 'zod/mini';
import { readYml } from '../../infra/yml.ts';

const functionsSchema = z.looseObject({
  functions: z.record(
    z.string(),
    z.looseObject({ events: z.array(z.looseObject({ httpApi: z.optional(z.string()) })) }),
  ),
});

/** All of them but the one that takes everything else. */
export function declaredRoutes(): string[] {
  return declaredEvents().filter((route) => route !== '*');
}

/** All of them, `*` too. */
export function declaredEvents(): string[] {
  const { functions } = functionsSchema.parse(readYml(join(import.meta.dirname, '../../infra/functions.yml')));
  return Object.values(functions).flatMap(({ events }) => events.flatMap(({ httpApi }) => (httpApi ? [httpApi] : [])));
}
