/** The bodies of generic sources: what is unreadable and where, batches, and forms. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arriving, GOOD, mapped, PERSON, portal, READS, readAs, SETTINGS } from './generic-stage.ts';

const UNREADABLE: [rule: string, body: unknown, pointers: string[]][] = [
  ['no JSON', 'kind=change', ['']],
  ['nothing', '', ['']],
  ['null', 'null', ['/id']],
  ['no delivery id', { ...GOOD, id: undefined }, ['/id']],
  ['an empty delivery id', { ...GOOD, id: ' ' }, ['/id']],
  ['a delivery id that is no text', { ...GOOD, id: ['d-1'] }, ['/id']],
  ['a delivery id that JSON rounds', '{"id":9007199254740993,"kind":"change","mail":"a@b.example"}', ['/id']],
  ['no type', { ...GOOD, kind: undefined }, ['/kind']],
  ['a type that is no word', { ...GOOD, kind: { change: true } }, ['/kind']],
  ['nobody', { id: 1, kind: 'change' }, ['/mail']],
  ['an address that is none', { ...GOOD, mail: 'eve' }, ['/mail']],
  ['an address that is a list', { ...GOOD, mail: ['eve@hamn.example'] }, ['/mail']],
  ['an address that is null', { ...GOOD, mail: null }, ['/mail']],
  ['an employee id that JSON rounds', '{"id":1,"kind":"change","number":9007199254740993}', ['/number']],
  ['two members that are wrong', { ...GOOD, mail: 1, number: {} }, ['/mail', '/number']],
  ['an object named __proto__ in the place of a text', '{"id":1,"kind":"change","mail":{"__proto__":1}}', ['/mail']],
  ['very much within very much', `{"id":1,"kind":"change","mail":${'['.repeat(90_000)}${']'.repeat(90_000)}}`, ['']],
];

describe('a body is unreadable, and the error points into it, with', () => {
  it.each(UNREADABLE)('%s', (_, body, pointers) => {
    const reading = readAs({}, body);
    expect(reading.kind).toBe('unreadable');
    if (reading.kind === 'unreadable') expect(reading.violations.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('an address outside the allowed domains', () => {
    const reading = portal(SETTINGS, { allowedDomains: ['kontor.example'] }).read(arriving(GOOD));
    expect(reading).toMatchObject({ kind: 'unreadable', violations: [{ pointer: '/mail' }], deliveryId: 'd-1' });
  });

  it('any JSON at all, or it is read; it never throws, and nothing of it is told', () => {
    const leaf = fc.oneof(fc.constant('canary-1f'), fc.jsonValue());
    const body = fc.record({ id: leaf, kind: fc.oneof(leaf, fc.constant('change')), mail: leaf, number: leaf });
    fc.assert(
      fc.property(fc.oneof(body, fc.jsonValue()), (value) => {
        const reading = readAs({}, value);
        if (reading.kind === 'unreadable') expect(JSON.stringify(reading.violations)).not.toContain('canary');
      }),
    );
  });
});

describe('a batch', () => {
  const settings = {
    items: '/list',
    mapping: { type: '/kind', person: { email: '/mail' }, occurredAt: { root: '/at' } },
  };
  const at = '2026-05-05T05:00:00Z';
  const one = (mail: unknown, kind = 'change') => ({ kind, mail });

  it('is one notice for every item, in their order, and those of other types are left out', () => {
    const list = [one('a@hamn.example'), one('b@hamn.example', 'ping'), one('c@hamn.example', 'offboard')];
    expect(readAs(settings, { id: 'd-2', at, list })).toEqual({
      kind: 'notices',
      deliveryId: 'd-2',
      notices: [
        { kind: 'event', event: { type: 'change', person: { email: 'a@hamn.example' }, occurredAt: at }, position: 0 },
        {
          kind: 'event',
          event: { type: 'offboard', person: { email: 'c@hamn.example' }, occurredAt: at },
          position: 2,
        },
      ],
    });
  });

  it('that is empty says nothing', () => {
    expect(readAs(settings, { id: 1, list: [] })).toMatchObject({ kind: 'notices', notices: [] });
  });

  it('lets the good ones proceed and names the bad one', () => {
    const list = [one('a@hamn.example'), one(3), one('c@hamn.example')];
    expect(readAs(settings, { id: 'd-4', list })).toMatchObject({
      kind: 'notices',
      notices: [
        { kind: 'event', position: 0 },
        { kind: 'unreadable', position: 1, violations: [{ pointer: '/list/1/mail' }] },
        { kind: 'event', position: 2 },
      ],
    });
  });

  it('of which none is good is unreadable as a whole, and the error points at the item or at the envelope', () => {
    const reading = readAs(settings, { id: 1, at: 'noon', list: [one('a@hamn.example'), one(3), { mail: 'x' }] });
    expect(reading).toHaveProperty('violations', [
      { pointer: '/at', detail: expect.any(String) },
      { pointer: '/list/1/mail', detail: expect.any(String) },
      { pointer: '/at', detail: expect.any(String) },
      { pointer: '/list/2/kind', detail: 'is required' },
    ]);
  });

  it.each([undefined, null, {}, 'x', Array.from({ length: 101 }, () => one('a@hamn.example'))])(
    'is an array of at most 100',
    (list) => {
      expect(readAs(settings, { id: 1, list })).toMatchObject({
        kind: 'unreadable',
        violations: [{ pointer: '/list' }],
        deliveryId: '1',
      });
    },
  );

  it('may be the whole body, where the id comes in a header', () => {
    const whole = { items: '', deliveryId: { header: 'X-Delivery' } };
    const read = (id?: string) => readAs(whole, [one('a@hamn.example')], { 'x-delivery': id });
    expect(read('d-9')).toMatchObject({ kind: 'notices', deliveryId: 'd-9', notices: [{ kind: 'event' }] });
    for (const id of [undefined, '', 'd-9,d-9', 'd-9, d-9', 'x'.repeat(201)])
      expect(read(id)).toMatchObject({ kind: 'unreadable', violations: [{ pointer: '' }] });
  });
});

describe('a form', () => {
  const good = 'id=d-3&kind=change&mail=tove%40hamn.example&number=7&unit=V%C3%A4xel+1';
  const settings = { body: 'form', ...mapped({ person: { ...READS.mapping.person, department: '/unit' } }) };

  it('is read field by field', () => {
    expect(portal({ ...SETTINGS, ...settings }).mediaTypes).toEqual(['application/x-www-form-urlencoded']);
    expect(readAs(settings, good)).toEqual({
      kind: 'notices',
      deliveryId: 'd-3',
      notices: [
        { kind: 'event', event: { type: 'change', person: { ...PERSON, department: 'Växel 1' } }, position: 0 },
      ],
    });
  });

  it.each([
    ['a field twice', `${good}&mail=eve@hamn.example`, '/mail'],
    ['what is no UTF-8', `${good}&x=%ff`, ''],
    ['half an escape', `${good}&x=%4`, ''],
    ['a field named __proto__ for an id', '__proto__=d-3&kind=change', '/id'],
  ])('is unreadable with %s', (_, body, pointer) => {
    expect(readAs(settings, body)).toMatchObject({ kind: 'unreadable', violations: [{ pointer }] });
  });

  it('may hold JSON in a field', () => {
    const inField = (text: string) => readAs({ body: { formField: 'payload' } }, text);
    const payload = `payload=${encodeURIComponent(JSON.stringify(GOOD))}`;
    expect(inField(payload)).toMatchObject({ kind: 'notices', deliveryId: 'd-1', notices: [{ kind: 'event' }] });
    for (const text of ['', 'other=1', 'payload=', 'payload=%7B', `${payload}&${payload}`])
      expect(inField(text)).toMatchObject({ kind: 'unreadable', violations: [{ pointer: '' }] });
  });
});
