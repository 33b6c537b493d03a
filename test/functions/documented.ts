/** Holds answers against the document of the API, with a validator of JSON Schema that is not ours. */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { ROUTES } from '../../shared/middleware/routes.ts';
import { openApiDocument } from '../../shared/operate/openapi.ts';

/** The document. */
export const DOCUMENT = openApiDocument(ROUTES);

const validator = new Ajv2020({ allErrors: true, strict: false }).addSchema({ $id: 'document:api', ...DOCUMENT });
formats.default(validator);

/** An answer as it came. */
export interface AnswerSeen {
  status: number | undefined;
  headers: Readonly<Record<string, unknown>>;
  body: unknown;
}

/** What is wrong with a value that should be as a place of the document says; empty where nothing is. */
export function wrongAt(place: readonly string[], value: unknown): string[] {
  const pointer = place.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const validate = validator.getSchema(`document:api#/${pointer}`);
  if (!validate) return [`the document has nothing at ${place.join(' ')}`];
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }: ErrorObject) => `${instancePath} ${message}`);
}

/** The operation of a route, and where it is in the document. */
export function operationAt(route: string) {
  const [method = '', path = ''] = route.split(' ');
  const operation = DOCUMENT.paths[path]?.[method.toLowerCase()];
  return operation && { operation, place: ['paths', path, method.toLowerCase()] };
}

/** What about an answer is not as the document says. What is answered to no route of ours is in no document. */
export function undocumented(route: string, { status, headers, body }: AnswerSeen): string[] {
  const found = operationAt(route);
  if (!found) return route.startsWith('$') ? [] : [`${route} is not documented`];
  const response = found.operation.responses[String(status)];
  if (!response) return [`${route} answered ${status}, which is not documented`];
  const type = String(headers['content-type']);
  const missing = status && status >= 400 ? Object.keys(response.headers ?? {}) : [];
  return [
    ...missing.filter((name) => !(name.toLowerCase() in headers)).map((name) => `${status} without ${name}`),
    ...wrongAt([...found.place, 'responses', String(status), 'content', type, 'schema'], body),
  ];
}
