import { Problem } from '../shared/lifecycle/errors.ts';
import { http } from '../shared/middleware/http.ts';
import { methodsOf, ROUTES } from '../shared/middleware/routes.ts';
import { type OpenApiDocument, openApiDocument } from '../shared/operate/openapi.ts';
import { wire } from '../shared/wiring.ts';

const { http: shared } = wire();

let document: OpenApiDocument | undefined;

function openApi(): OpenApiDocument {
  document ??= openApiDocument(ROUTES);
  return document;
}

/** Health, the document of the API, and our own 404 and 405 for everything that is no route. */
export const handler = http(shared, {
  $default: ({ method, path }) => {
    const methods = methodsOf(path);
    if (methods.length === 0) throw new Problem('not-found', 'There is no such route.');
    const isRead = method === 'GET' || method === 'HEAD';
    if (isRead && path === '/health') return { status: 200, body: { status: 'ok' } };
    if (isRead && path === '/openapi.json') return { status: 200, body: openApi() };
    const allow = methods.join(', ');
    throw new Problem('method-not-allowed', `This route answers ${allow}.`, { headers: { allow } });
  },
});
