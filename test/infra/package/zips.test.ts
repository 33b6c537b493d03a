import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FUNCTIONS, idOf, usePackaged } from './packaged.ts';
import { readZip } from './zip.ts';

const service = usePackaged();

test('there is one zip a function', () => {
  const zips = readdirSync(service().folder).filter((file) => file.endsWith('.zip'));
  expect(zips.sort()).toEqual(FUNCTIONS.map((name) => `${name}.zip`).sort());
});

describe.each(FUNCTIONS)('the zip of %s', (name) => {
  const file = () => join(service().folder, `${name}.zip`);

  test('is smaller than a megabyte and holds its bundle alone: no source map, no package, no secret', () => {
    expect(statSync(file()).size).toBeLessThan(1_000_000);
    expect([...readZip(file()).keys()]).toEqual([`.build/${name}.js`]);
  });

  test('has the handler where the function looks for it', () => {
    const handler = String(service().template.Resources[idOf(name, 'LambdaFunction')]?.Properties['Handler']);
    const bundle = readZip(file())
      .get(handler.replace(/\.handler$/, '.js'))
      ?.toString();
    expect(bundle).toMatch(/module\.exports=\w+\(\w+\);/);
    expect(bundle).toContain('{handler}');
  });

  test('names no host of AWS: the region and AWS_ENDPOINT_URL say where AWS is', () => {
    const bundle = [...readZip(file()).values()].join('');
    expect(bundle).not.toMatch(
      /[a-z]{2}-[a-z]+-\d\.amazonaws\.com|\d{12}\.dkr|arn:aws:[a-z]+:[a-z]{2}-[a-z]+-\d:\d{12}/,
    );
  });
});
