/** `npm run docs`: writes docs/api.md from the document of the API, so that there is no second copy. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ROUTES } from '../../shared/middleware/routes.ts';
import { openApiDocument } from '../../shared/operate/openapi.ts';
import { apiMarkdown } from './api-markdown.ts';

/** Where the page is. */
export const API_PAGE = resolve(import.meta.dirname, '../../docs/api.md');

/** The text of the page. */
export function apiPage(): string {
  return apiMarkdown(openApiDocument(ROUTES));
}

if (import.meta.main) {
  mkdirSync(dirname(API_PAGE), { recursive: true });
  writeFileSync(API_PAGE, apiPage());
  process.stdout.write(`${join('docs', 'api.md')} is written\n`);
}
