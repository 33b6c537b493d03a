/** docs/api.md, which people read. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { API_PAGE, apiPage } from '../../../infra/cli/docs.ts';
import { declaredRoutes } from '../../middleware/declared-routes.ts';

const page = readFileSync(API_PAGE, 'utf8');

describe('docs/api.md', () => {
  it('is what `npm run docs` would write', () => {
    expect(page).toBe(apiPage());
  });

  for (const route of [...declaredRoutes(), 'GET /health', 'GET /openapi.json']) {
    it(`has ${route} in its index and a section with a call to try`, () => {
      expect(page).toContain(`| [\`${route}\`](#`);
      const [, section = ''] = page.split(`\n\n\`${route}\` · `);
      const [method = '', path = ''] = route.split(' ');
      const call = section.slice(0, section.indexOf('\n### ')).match(/```sh\ncurl [^`]+```/)?.[0] ?? '';
      expect(call).toContain(path.split('{')[0]);
      expect(/-X (\w+)/.exec(call)?.[1] ?? (/ -d | --data/.test(call) ? 'POST' : 'GET')).toBe(method);
    });
  }

  it('has a heading for whatever it links to', () => {
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter((link) => !headings.includes(link))).toEqual([]);
    expect(new Set(headings).size).toBe(headings.length);
  });

  it('holds nothing that a page would take for a tag', () => {
    const prose = page.replaceAll(/```[\s\S]*?```|`[^`\n]*`|<!--[\s\S]*?-->/g, '');
    expect(prose).not.toMatch(/<\w/);
  });
});
