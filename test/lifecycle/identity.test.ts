/** Rule 4: whom an event is about. */
import { describe, expect, it } from 'vitest';
import { identify, type Known, type Named } from '../../shared/lifecycle/identity.ts';
import { snapshotAt } from '../../shared/lifecycle/snapshot.ts';
import type { Said } from './oracle.ts';
import { factSaid, folded, june, type Saying, say } from './saying.ts';

const NOBODY: Named = { email: null, previousEmail: null, externalId: null };
const noor = 'noor@paper.example';
const ali = 'noor.ali@paper.example';

/** Somebody, out of what was said of them before. */
function known(id: string, saids: readonly Said[], at = june(20)): Known {
  const then = folded(saids);
  const ids = saids.flatMap(({ event, origin }) =>
    event.person.externalId ? [{ source: origin.source, externalId: event.person.externalId }] : [],
  );
  return {
    id,
    isAddressless: then.email.length === 0 && then.addresses.length === 0,
    currentEmail: snapshotAt(then, at).email,
    externalIds: ids,
    foldedThen: then,
  };
}

const event = (type: 'onboard' | 'change' | 'offboard', person: NonNullable<Saying['person']>, by = 'hibob') =>
  factSaid(say(type, june(20), { by, person }));
const hired = (email: string, externalId: string, by = 'hibob') =>
  say('onboard', june(1), { by, person: { email, externalId } });

describe('an old address', () => {
  const renamed = known('p-noor', [
    hired(noor, '7'),
    say('change', june(2), { by: 'hibob', person: { email: ali, externalId: '7' } }),
  ]);

  it.each(['offboard', 'change'] as const)(
    'keeps pointing at its person in an %s with the id of another source',
    (type) => {
      const said = event(type, { email: noor, externalId: 'u-1' }, 'okta');
      expect(identify(said, { ...NOBODY, email: renamed })).toMatchObject({
        kind: 'person',
        id: 'p-noor',
        keys: expect.arrayContaining([{ kind: 'externalId', source: 'okta', externalId: 'u-1' }]),
      });
    },
  );

  it('with another id of the source that knows its person by one names two people', () => {
    const said = event('offboard', { email: noor, externalId: '8' });
    expect(identify(said, { ...NOBODY, email: renamed })).toEqual({ kind: 'conflict' });
  });
});

describe('an event that names nobody known', () => {
  it('is about somebody new, whom every key shall point at', () => {
    expect(identify(event('onboard', { email: noor, externalId: '7' }), NOBODY)).toEqual({
      kind: 'person',
      id: null,
      keys: [
        { kind: 'externalId', source: 'hibob', externalId: '7' },
        { kind: 'email', email: noor },
      ],
      absorbs: [],
      takesAddressFrom: null,
    });
  });

  it('by an employee id alone is remembered as a person without address', () => {
    expect(identify(event('offboard', { externalId: '7' }), NOBODY)).toMatchObject({
      id: null,
      keys: [{ kind: 'externalId', source: 'hibob', externalId: '7' }],
    });
  });
});

describe('an event that names one person', () => {
  const person = known('p-1', [hired(noor, '7')]);

  it('by the address, the employee id, or both, is about them', () => {
    for (const named of [
      { ...NOBODY, email: person },
      { ...NOBODY, externalId: person },
      { ...NOBODY, email: person, externalId: person },
    ]) {
      expect(identify(event('change', { email: noor, externalId: '7' }), named)).toMatchObject({
        id: 'p-1',
        absorbs: [],
      });
    }
  });

  it('by the employee id with a new address is a rename: the new address points at them as well', () => {
    const identity = identify(event('change', { email: ali, externalId: '7' }), { ...NOBODY, externalId: person });
    expect(identity).toMatchObject({ id: 'p-1', keys: expect.arrayContaining([{ kind: 'email', email: ali }]) });
  });

  it('by the previous address points both addresses at them', () => {
    const identity = identify(event('change', { email: ali, previousEmail: noor }, 'api'), {
      ...NOBODY,
      previousEmail: person,
    });
    expect(identity).toMatchObject({
      id: 'p-1',
      keys: expect.arrayContaining([
        { kind: 'email', email: ali },
        { kind: 'email', email: noor },
      ]),
    });
  });

  it('by the address with another source’s employee id lets that id point at them', () => {
    const identity = identify(event('onboard', { email: noor, externalId: 'okta-1' }, 'okta'), {
      ...NOBODY,
      email: person,
    });
    expect(identity).toMatchObject({
      id: 'p-1',
      keys: expect.arrayContaining([{ kind: 'externalId', source: 'okta', externalId: 'okta-1' }]),
    });
  });
});

describe('an event that names two different people', () => {
  const one = known('p-1', [hired(noor, '7')]);
  const other = known('p-2', [hired(ali, '8')]);

  it.each([
    ['address and employee id', { email: noor, externalId: '8' }, { ...NOBODY, email: one, externalId: other }],
    [
      'address and previous address',
      { email: ali, previousEmail: noor },
      { ...NOBODY, email: other, previousEmail: one },
    ],
    [
      'previous address and employee id',
      { email: 'x@paper.example', previousEmail: noor, externalId: '8' },
      { ...NOBODY, previousEmail: one, externalId: other },
    ],
  ])('by %s is a conflict', (_, person, named) => {
    for (const type of ['onboard', 'change', 'offboard'] as const)
      expect(identify(event(type, person), named)).toEqual({ kind: 'conflict' });
  });
});

describe('somebody who was only ever named by an employee id', () => {
  const addressless = known('p-3', [say('offboard', june(1), { person: { externalId: '7' } })]);

  it('gets their address from the event that names both', () => {
    const identity = identify(event('onboard', { email: noor, externalId: '7' }), {
      ...NOBODY,
      externalId: addressless,
    });
    expect(identity).toMatchObject({ id: 'p-3', keys: expect.arrayContaining([{ kind: 'email', email: noor }]) });
  });

  it('has every address point at them, also where the source has no authority over attributes', () => {
    const left = known('p-3', [say('offboard', june(1), { by: 'okta', person: { externalId: 'okta-1' } })]);
    const identity = identify(event('onboard', { email: noor, externalId: 'okta-1' }, 'okta'), {
      ...NOBODY,
      externalId: left,
    });
    expect(identity).toMatchObject({ id: 'p-3', keys: expect.arrayContaining([{ kind: 'email', email: noor }]) });
  });

  it('is taken into the person the address belongs to', () => {
    const person = known('p-1', [hired(noor, 'okta-1', 'okta')]);
    const identity = identify(event('change', { email: noor, externalId: '7' }), {
      ...NOBODY,
      email: person,
      externalId: addressless,
    });
    expect(identity).toMatchObject({ id: 'p-1', absorbs: ['p-3'] });
  });
});
