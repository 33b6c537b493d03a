/** What a source's page shows to be pasted: its settings, and bodies, rendered as Liquid does, as far as they use it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK = /```liquid\n(.*?)```/gs;
const OUTPUT = /\{\{([\w.]+)((?: \| \w+(?:: '[^']*')?)*)\}\}/g;
const FILTER = /\| (\w+)(?:: '([^']*)')?/g;

/** The bodies on a page, in their order. @param values what each placeholder stands for, as it was typed. */
export function bodiesOf(source: string, values: Readonly<Record<string, string>>): string[] {
  return [...pageOf(source).matchAll(BLOCK)].map(([, template = '']) =>
    template.replace(OUTPUT, (_, name: string, filters: string) =>
      [...filters.matchAll(FILTER)].reduce(filtered, values[name] ?? ''),
    ),
  );
}

/** The settings on a page: its member of the sources secret. */
export function settingsOf(source: string): unknown {
  const [, member = ''] = /```json\n(.*?)```/s.exec(pageOf(source)) ?? [];
  return (JSON.parse(`{${member}}`) as Record<string, unknown>)[source];
}

function pageOf(source: string): string {
  return readFileSync(join(import.meta.dirname, `../../../docs/sources/${source}.md`), 'utf8');
}

function filtered(text: string, [, filter, argument = '']: RegExpExecArray): string {
  if (filter === 'remove') return text.replaceAll(argument, '');
  if (filter === 'strip_newlines') return text.replace(/\r?\n/g, '');
  throw new Error(`Liquid has more filters than ${filter}, which this file does not know`);
}
