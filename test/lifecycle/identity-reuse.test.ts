/** Rule 4: re-used employee ids and old addresses. */
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

describe('an employee id of somebody who has ended', () => {
  const ended = known('p-1', [hired(noor, '7'), say('offboard', june(5), { person: { externalId: '7' } })]);
  const named = { ...NOBODY, externalId: ended };

  it('with another address and no previous one is a conflict', () => {
    for (const type of ['onboard', 'change', 'offboard'] as const) {
      expect(identify(event(type, { email: 'new.joiner@paper.example', externalId: '7' }), named)).toEqual({
        kind: 'conflict',
      });
    }
  });

  it('with their own address, or the previous one, is about them', () => {
    expect(identify(event('onboard', { email: noor, externalId: '7' }), { ...named, email: ended })).toMatchObject({
      id: 'p-1',
    });
    const renamed = { email: ali, previousEmail: noor, externalId: '7' };
    expect(identify(event('onboard', renamed), { ...named, previousEmail: ended })).toMatchObject({ id: 'p-1' });
  });

  it('without any address is about them', () => {
    expect(identify(event('offboard', { externalId: '7' }), named)).toMatchObject({ id: 'p-1' });
  });

  it('whose end is still to come is theirs', () => {
    const leaving = known('p-1', [
      hired(noor, '7'),
      say('offboard', june(5), { effectiveAt: june(25), person: { externalId: '7' } }),
    ]);
    expect(
      identify(event('change', { email: ali, externalId: '7' }), { ...NOBODY, externalId: leaving }),
    ).toMatchObject({ id: 'p-1' });
  });
});

describe('an old address, after a rename', () => {
  const rename = say('change', june(10), { person: { email: ali, previousEmail: noor, externalId: '7' } });
  const holder = known('p-1', [hired(noor, '7'), rename]);
  const named = { ...NOBODY, email: holder };

  it('keeps pointing at its person', () => {
    expect(identify(event('offboard', { email: noor }, 'zendesk'), named)).toMatchObject({ id: 'p-1' });
    expect(identify(event('change', { email: noor, externalId: '7' }), { ...named, externalId: holder })).toMatchObject(
      { id: 'p-1' },
    );
  });

  it('named by a newer onboard with another employee id of the same source is a new person’s, who takes it over', () => {
    const identity = identify(event('onboard', { email: noor, externalId: '9' }), named);
    expect(identity).toMatchObject({
      id: null,
      takesAddressFrom: 'p-1',
      keys: expect.arrayContaining([{ kind: 'email', email: noor }]),
    });
  });

  it('named by a newer onboard without an employee id is a conflict', () => {
    expect(identify(event('onboard', { email: noor }), named)).toEqual({ kind: 'conflict' });
    expect(identify(event('onboard', { email: noor }, 'api'), named)).toEqual({ kind: 'conflict' });
  });

  it('named by an onboard with an employee id of a source that never named the holder is a conflict', () => {
    expect(identify(event('onboard', { email: noor, externalId: 'gh-1' }, 'greenhouse'), named)).toEqual({
      kind: 'conflict',
    });
  });

  it('named by a newer onboard of somebody who is somebody else already is a conflict', () => {
    const other = known('p-2', [hired('x@paper.example', '9')]);
    expect(identify(event('onboard', { email: noor, externalId: '9' }), { ...named, externalId: other })).toEqual({
      kind: 'conflict',
    });
  });
});
