import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JOB_ERRORS } from '../../shared/lifecycle/errors.ts';
import { conscentStatus, metricNames } from '../../shared/lifecycle/metric.ts';

describe('the name of a metric', () => {
  it('is one of its own', () => {
    expect(new Set(metricNames()).size).toBe(metricNames().length);
  });

  it('is one that the code emits: of a family by its members’ type, else word for word', () => {
    const files = globSync(['functions/**/*.ts', 'shared/**/*.ts']).filter((file) => !file.endsWith('/metric.ts'));
    const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const names = metricNames().filter((name) => !/^(outcome|conscent|lookup|reply)\./.test(name));
    const emitted = (name: string) => [name, name.replace('alarm.', '')].some((word) => code.includes(`'${word}'`));
    expect(names.filter((name) => !emitted(name) && !(name.replace('alarm.', '') in JOB_ERRORS))).toEqual([]);
  });

  it('is one that CloudWatch takes: printable ASCII, and no colon to begin with', () => {
    expect(metricNames().filter((name) => !/^[!-9;-~][ -~]{0,254}$/.test(name))).toEqual([]);
  });
});

describe('the status of an answer', () => {
  it('is counted by itself where Conscent or something on the way there is known to give it', () => {
    expect([200, 201, 429, 504].map(conscentStatus)).toEqual(['200', '201', '429', '504']);
  });

  it('is counted with the others where it is not, and as none where there is none', () => {
    expect([418, 302, null].map(conscentStatus)).toEqual(['other', 'other', 'none']);
  });
});
