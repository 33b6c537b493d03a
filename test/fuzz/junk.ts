/** Texts of JSON that have broken a program somewhere: types, sizes, Unicode, dates at the edge, names that every object inherits. */

const text = (value: string) => JSON.stringify(value);

const TYPES = ['null', 'true', 'false', '0', '-1', '1.5', '1e400', '9007199254740993', '[]', '{}', '""', '" "'];

const SHAPES = [
  '{"toString":null,"valueOf":null}',
  '{"toString":"x"}',
  '{"__proto__":{"scopes":["people:write"],"type":"onboard"}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"length":3}',
  '[["x"]]',
  '[null,[null],{"a":[]}]',
];

/** Deep, long and wide; all within what a body may have. */
const SIZES = [
  `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  `[${Array(125_000).fill('0').join()}]`,
  `[${Array(49_000).fill('0').join()}]`,
  `[${Array(200).fill('{}').join()}]`,
  `{${Array.from({ length: 5_000 }, (_, index) => `"m${index}":0`).join()}}`,
  text('x'.repeat(200)),
  text('x'.repeat(201)),
  text('\u00e9'.repeat(40_000)),
];

const TEXTS = [
  '\u0000',
  'a\r\nset-cookie: b=c',
  'a\u2028b',
  '\u202eevil',
  'K\u212aelvin',
  '\u{1f468}\u200d\u{1f469}',
  '../../admin',
  '..%2f..%2fadmin',
  'http://169.254.169.254/latest/meta-data',
  '{"$ne":null}',
  "' OR 1=1 --",
  '__proto__',
  'constructor',
  'Ana@Example.COM ',
  '\u212aelvin@example.com',
  'a@b',
  `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(60)}.example`,
].map(text);

const DATES = [
  '0000-00-00',
  '0001-01-01',
  '1899-12-31',
  '1900-01-01',
  '2026-02-29',
  '2026-02-30',
  '2200-12-31',
  '2201-01-01',
  '9999-12-31',
  '2099-01-01T00:00:00Z',
  '2200-12-31T23:59:59.999-23:59',
  '1900-01-01T00:00:00+23:59',
  '2026-03-29T02:30:00+01:00',
  '2026-12-31T23:59:60Z',
  '2026-03-02T08:00:00.0000000001Z',
  '2026-03-02T08:00:00+0530',
  '31/12/2026',
].map(text);

/** Halves of characters, which no encoder makes but every parser takes. */
const HALVES = ['"\\ud800"', '"\\udc00x"'];

export const JUNK: readonly string[] = [...TYPES, ...SHAPES, ...SIZES, ...TEXTS, ...DATES, ...HALVES];

/** Names of members. None that a vendor uses: what is private would be put where it belongs to the ledger. */
export const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'x'.repeat(5_000),
  'no/such~member',
  '',
];
