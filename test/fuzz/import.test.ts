/** `POST /people/import`: files that are nearly right. Lines fail by themselves, and nothing else happens. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JUNK } from './junk.ts';
import { mutated, mutations } from './mutation.ts';
import { fuzz } from './runs.ts';
import { faultsOf } from './sound.ts';
import { useStage } from './stage.ts';

const BRIEF = 150;

const stage = useStage();

const LINES = [
  { email: 'cleo@press.example', userId: 'u-17', role: 'ADMIN', permissions: 'ga4, export' },
  { email: 'dan@press.example', userId: 'u-18', permissions: ['*'] },
  { email: 'eli@press.example', userId: 'u-19' },
];

async function send(type: string, body: string): Promise<void> {
  const headers = { 'content-type': type };
  await stage.send('people', { route: 'POST /people/import', path: '/people/import', headers, body });
}

const cell = fc.oneof(
  fc.constantFrom(
    'u-1',
    '"',
    '""',
    '"a,b"',
    '"a\nb"',
    'a"b',
    ' ',
    '*',
    '../../x',
    'ana@press.example',
    '\u212a@press.example',
  ),
  fc.constantFrom(...JUNK),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const rows = fc
  .tuple(
    fc.constantFrom(
      'email,userId,role,permissions',
      '\ufeffemail,userId',
      'userId,email,email',
      '"email","userId"',
      '',
    ),
    fc.array(
      fc.array(cell, { minLength: 1, maxLength: 5 }).map((cells) => cells.join()),
      { maxLength: 6 },
    ),
    fc.constantFrom('\n', '\r\n', '\r'),
  )
  .map(([header, lines, end]) => [header, ...lines].join(end));

describe('a file that is nearly one', () => {
  test('of CSV links what can be read, and says why the rest cannot', async () => {
    const property = fc.asyncProperty(rows, async (file) => {
      stage.begin();
      await send('text/csv', file);
      await send('text/csv', file);
      await stage.work();
      expect(faultsOf(stage)).toEqual([]);
      expect(stage.world.fake.calls).toEqual([]);
    });
    await fuzz(property, BRIEF);
  });

  test('of NDJSON links what can be read, and says why the rest cannot', async () => {
    const line = fc.record({ value: fc.constantFrom(...LINES), changes: mutations });
    const property = fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 3 }), async (lines) => {
      stage.begin();
      await send('application/x-ndjson', lines.map(({ value, changes }) => mutated(value, changes)).join('\n'));
      await stage.work();
      expect(faultsOf(stage)).toEqual([]);
      expect(stage.world.fake.calls).toEqual([]);
    });
    await fuzz(property, BRIEF);
  });
});
