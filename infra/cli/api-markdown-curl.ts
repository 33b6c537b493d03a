/** A call to try against `npm start`, for each route. */
import type { DocumentedRoute } from './api-markdown.ts';

const SERVER = 'http://127.0.0.1:3000';
const TOKEN = 'local-demo-token';

/** The command, with the first example of everything. */
export function curl(route: DocumentedRoute): string {
  const options = [...methodOf(route), ...credentials(route), ...headers(route), ...body(route)];
  return ['curl', quoted(SERVER + target(route)), ...options].join(' ').replaceAll(/ (?=-[Hd] |--data)/g, ' \\\n  ');
}

function target({ path, parameters }: DocumentedRoute): string {
  const given = (place: string) => parameters.filter((one) => one.in === place && one.example !== undefined);
  const filled = given('path').reduce((text, { name, example }) => text.replace(`{${name}}`, String(example)), path);
  const query = given('query').map(({ name, example }) => `${name}=${example}`);
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled;
}

function methodOf({ method, operation }: DocumentedRoute): string[] {
  const implied = operation.requestBody ? 'POST' : 'GET';
  return method === implied ? [] : ['-X', method];
}

function credentials({ operation, parameters }: DocumentedRoute): string[] {
  if (operation.security.some(({ token }) => token)) return header('Authorization', `Bearer ${TOKEN}`);
  // Of senders with a credential of their own nothing can be shown.
  const isStandard = parameters.some(({ name }) => name === 'webhook-timestamp');
  return isStandard ? [...header('webhook-timestamp', '…'), ...header('webhook-signature', 'v1,…')] : [];
}

function headers({ parameters }: DocumentedRoute): string[] {
  return parameters
    .filter((one) => one.in === 'header' && one.example !== undefined)
    .flatMap(({ name, example }) => header(name, String(example)));
}

function body({ operation }: DocumentedRoute): string[] {
  const [first] = Object.entries(operation.requestBody?.content ?? {});
  if (!first) return [];
  const [type, { examples = {} }] = first;
  const [example] = Object.values(examples);
  const isText = typeof example?.value === 'string';
  const data = isText
    ? ['--data-binary', '@accounts.csv']
    : ['-d', `'${example ? JSON.stringify(example.value) : '…'}'`];
  return [...header('Content-Type', type), ...data];
}

function header(name: string, value: string): string[] {
  return ['-H', `'${name}: ${value}'`];
}

function quoted(address: string): string {
  return address.includes('?') ? `'${address}'` : address;
}
