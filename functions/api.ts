import { Problem } from '../shared/lifecycle/errors.ts';
import { http } from '../shared/middleware/http.ts';
import { methodsOf } from '../shared/middleware/routes.ts';
import { wire } from '../shared/wiring.ts';

const { http: shared } = wire();

/** Health, and our own 404 and 405 for everything that is no route. */
export const handler = http(shared, {
  $default: ({ method, path }) => {
    const methods = methodsOf(path);
    if (methods.length === 0) throw new Problem('not-found', 'There is no such route.');
    if ((method === 'GET' || method === 'HEAD') && path === '/health') return { status: 200, body: { status: 'ok' } };
    const allow = methods.join(', ');
    throw new Problem('method-not-allowed', `This route answers ${allow}.`, { headers: { allow } });
  },
});
