/** Least privilege: what is granted is what is written in the table, word for word. */
import { describe, expect, test } from 'vitest';
import { CALLS, lambdaCalls } from './grants.ts';
import { FUNCTIONS, idOf, ofType, usePackaged } from './packaged.ts';
import { grantsOf } from './policies.ts';

const service = usePackaged();

test('the table knows every function there is', () => {
  const ids = ofType(service().template, 'AWS::Lambda::Function').map(([id]) => id);
  expect(ids.sort()).toEqual(FUNCTIONS.map((name) => idOf(name, 'LambdaFunction')).sort());
});

test('there is one role a function and no other: none is left of the framework’s own', () => {
  const ids = ofType(service().template, 'AWS::IAM::Role').map(([id]) => id);
  expect(ids.sort()).toEqual(FUNCTIONS.map((name) => idOf(name, 'Role')).sort());
  const policies = Object.values(service().template.Resources).filter(({ Type }) => /^AWS::IAM::.*Policy$/.test(Type));
  expect(policies).toEqual([]);
});

describe.each(FUNCTIONS)('%s', (name) => {
  test('runs under its own role', () => {
    const { Properties } = service().template.Resources[idOf(name, 'LambdaFunction')] ?? {};
    expect(Properties?.['Role']).toEqual({ 'Fn::GetAtt': [idOf(name, 'Role'), 'Arn'] });
  });

  test('is granted what the table says, and nothing beyond it', () => {
    const written = [...CALLS[name], ...lambdaCalls(name, idOf(name, 'LogGroup'))];
    expect(grantsOf(service().template, name).sort()).toEqual(written.sort());
  });

  test('is granted no kind of action as a whole, and everything of a kind for its traces alone', () => {
    const grants = grantsOf(service().template, name);
    expect(grants.filter((grant) => /\*.* → /.test(grant))).toEqual([]);
    const ofAll = grants.filter((grant) => grant.endsWith('→ *'));
    expect(ofAll.filter((grant) => !grant.startsWith('xray:'))).toEqual([]);
  });
});
