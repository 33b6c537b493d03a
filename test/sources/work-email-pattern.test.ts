import { describe, expect, it } from 'vitest';
import { addressOf, isAddressPattern } from '../../shared/sources/work-email-pattern.ts';

const NAME = { firstName: 'Zoë Ann', lastName: 'O’Brien-Łącka', candidateId: '88021' };

describe('an address', () => {
  it.each([
    ['{firstName}.{lastName}@press.example', 'zoeann.obrien-lacka@press.example'],
    ['{f}{lastName}@press.example', 'zobrien-lacka@press.example'],
    ['{firstName}{l}@press.example', 'zoeanno@press.example'],
    ['new-{candidateId}@press.example', 'new-88021@press.example'],
  ])('after %s', (pattern, address) => expect(addressOf(pattern, NAME)).toBe(address));

  it.each([
    ['José María', 'josemaria'],
    ['Jürgen', 'jurgen'],
    ['Søren', 'soren'],
    ['Weiß', 'weiss'],
    ['Æsa', 'aesa'],
    ["D'Angelo", 'dangelo'],
    ['İbrahim', 'ibrahim'],
    ['Nguyễn', 'nguyen'],
    ['Anne-Marie', 'anne-marie'],
    ['J. R.', 'jr'],
    ['ﬁona', 'fiona'],
  ])('writes %s as %s', (firstName, written) => {
    expect(addressOf('{firstName}@press.example', { ...NAME, firstName })).toBe(`${written}@press.example`);
  });

  it.each([['李'], ['Иван'], ['Иван Smith'], ['  '], ['’'], ['-'], [''], [null], [undefined], [7]])(
    'is not made of half a name: %j',
    (lastName) => expect(addressOf('{firstName}.{lastName}@press.example', { ...NAME, lastName })).toBeNull(),
  );

  it('needs only the names that its pattern asks for', () => {
    expect(addressOf('{f}.{candidateId}@press.example', { ...NAME, lastName: null })).toBe('z.88021@press.example');
  });
});

describe('a pattern', () => {
  it.each(['{firstName}@press.example', '{f}.{l}.{candidateId}@mail.press.example', 'x-{lastName}_1@press.example'])(
    'may be %s',
    (pattern) => expect(isAddressPattern(pattern)).toBe(true),
  );

  it.each([
    'all@press.example',
    '{firstName}',
    '{firstName}@',
    '{firstName}@localhost',
    '{firstname}@press.example',
    '{firstName}@{lastName}.example',
    '{firstName}@press.example@evil.example',
    '{firstName} @press.example',
    'Zoë.{lastName}@press.example',
  ])('may not be %s', (pattern) => expect(isAddressPattern(pattern)).toBe(false));
});
