import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../infra/local/settings.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name).sort();

test('whoever is called by an alarm finds it among those that the page explains, and no other stands there', () => {
  const alarms = found(read('infra/alarms.yml') + read('infra/alarms-aws.yml'), /AlarmName: .*\$\{sls:stage\}-(\S+)/g);
  const [, page = ''] = /\n## Alarms\n(.*?)\n## /s.exec(read('docs/operations.md')) ?? [];
  expect(alarms.length).toBeGreaterThan(10);
  expect(found(page, /^### (\S+)$/gm)).toEqual(alarms);
});
