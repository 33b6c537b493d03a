/** The document of the API as a page to read: routes by what they are about, then every body they speak of. */

import type { Media, Operation } from '../../shared/operate/openapi/operation.ts';
import type { Parameter } from '../../shared/operate/openapi/parameters.ts';
import type { OpenApiDocument } from '../../shared/operate/openapi.ts';
import { curl } from './api-markdown-curl.ts';
import { anchorOf, bodySections, code, table, typeOf } from './api-markdown-schema.ts';

/** A route of the document, its parameters looked up. */
export interface DocumentedRoute {
  method: string;
  path: string;
  operation: Operation;
  parameters: Parameter[];
}

/** The page. The same document is always the same text. */
export function apiMarkdown(document: OpenApiDocument): string {
  const { info, tags, components } = document;
  const routes = routesOf(document);
  return `${[
    '<!-- `npm run docs` writes this page from the schemas that validate. -->',
    '# The HTTP API',
    `${info.summary}, version ${info.version}. \`GET /openapi.json\` answers the same as OpenAPI 3.1.`,
    info.description,
    Object.entries(components.securitySchemes)
      .map(([name, { description = '' }]) => `- **${name}**: ${description}`)
      .join('\n'),
    index(routes),
    ...tags.flatMap((tag) => [
      `## ${tag.name}`,
      tag.description,
      ...routes.filter(({ operation }) => operation.tags.includes(tag.name)).flatMap(routeSection),
    ]),
    '## Bodies',
    ...bodySections(components.schemas),
  ].join('\n\n')}\n`;
}

function routesOf({ paths, components }: OpenApiDocument): DocumentedRoute[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const names = (operation.parameters ?? []).map(({ $ref = '' }) => $ref.slice($ref.lastIndexOf('/') + 1));
      const parameters = names.flatMap((name) => components.parameters[name] ?? []);
      return { method: method.toUpperCase(), path, operation, parameters };
    }),
  );
}

function index(routes: readonly DocumentedRoute[]): string {
  const rows = routes.map(({ method, path, operation }) => [
    `[\`${method} ${path}\`](#${anchorOf(operation.summary)})`,
    whoMay(operation),
    operation.summary,
  ]);
  return table(['route', 'who may', ''], rows);
}

function whoMay({ security }: Operation): string {
  const [needed] = security;
  if (!needed) return 'anybody';
  return needed['token'] ? `a token with ${needed['token'].map(code).join(', ')}` : 'the sender, by its signature';
}

function routeSection(route: DocumentedRoute): string[] {
  const { method, path, operation, parameters } = route;
  return [
    `### ${operation.summary}`,
    `\`${method} ${path}\` · ${whoMay(operation)}`,
    operation.description,
    ...(parameters.length > 0 ? [parameterTable(parameters)] : []),
    ...Object.entries(operation.requestBody?.content ?? {}).flatMap(bodySection),
    fenced('sh', curl(route)),
    answerTable(operation),
  ];
}

function parameterTable(parameters: readonly Parameter[]): string {
  const rows = parameters.map((one) => [code(one.name), one.in, typeOf(one.schema), one.description]);
  return table(['parameter', 'in', 'is', ''], rows);
}

function bodySection([type, { schema, examples = {} }]: [type: string, media: Media]): string[] {
  const described = schema.description === undefined ? typeOf(schema) : schema.description;
  return [
    `**Body** \`${type}\`: ${described}`,
    ...Object.values(examples).flatMap(({ summary, value }) => [`${summary}:`, exampleOf(value)]),
  ];
}

function exampleOf(value: unknown): string {
  return typeof value === 'string' ? fenced('', value.trimEnd()) : fenced('json', JSON.stringify(value, null, 2));
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function answerTable({ responses }: Operation): string {
  const rows = Object.entries(responses).map(([status, { description, headers = {}, content }]) => {
    const [{ schema } = { schema: {} }] = Object.values(content);
    return [status, typeOf(schema), Object.keys(headers).map(code).join(', '), description];
  });
  return table(['answer', 'body', 'headers', ''], rows);
}
