/** Rule 1 for attributes and addresses: of the words in force the newest one holds. */
import { describe, expect, it } from 'vitest';
import type { Said } from './oracle.ts';
import { folded, june, type Saying, say, seen } from './saying.ts';

const email = 'noor@paper.example';
const tell = (at: string, person: NonNullable<Saying['person']>, saying: Saying = {}) =>
  say('change', at, { person: { email, ...person }, ...saying });
const department = (saids: readonly Said[], at: string) => seen(saids, at).attributes['department'] ?? null;

describe('an attribute', () => {
  it('holds the newest word, whatever arrives last', () => {
    const said = [tell(june(5), { department: 'Till' }), tell(june(2), { department: 'Desk' })];
    expect(department(said, june(6))).toBe('Till');
  });

  it('holds a word from its day on', () => {
    const said = [
      tell(june(1), { department: 'Desk' }),
      tell(june(2), { department: 'Till' }, { effectiveAt: '2026-06-05' }),
    ];
    expect(department(said, june(4, 23))).toBe('Desk');
    expect(department(said, june(5))).toBe('Till');
  });

  it('said at once voids an older word for a later day', () => {
    const said = [
      tell(june(1), { department: 'Till' }, { effectiveAt: june(8) }),
      tell(june(3), { department: 'Desk' }),
    ];
    expect(department(said, june(4))).toBe('Desk');
    expect(department(said, june(9))).toBe('Desk');
  });

  it('said for a later day leaves a word for an earlier day until then', () => {
    const said = [
      tell(june(1), { department: 'Till' }, { effectiveAt: june(8) }),
      tell(june(3), { department: 'Desk' }, { effectiveAt: june(12) }),
    ];
    expect(department(said, june(8))).toBe('Till');
    expect(department(said, june(12))).toBe('Desk');
  });

  it('is voided only where the newer word speaks of it', () => {
    const said = [
      tell(june(1), { department: 'Till', location: 'Pune' }, { effectiveAt: june(8) }),
      tell(june(3), { department: 'Desk', attributes: { level: 'lead' } }),
    ];
    expect(seen(said, june(9)).attributes).toEqual({
      department: 'Desk',
      location: 'Pune',
      'attributes.level': 'lead',
    });
  });

  it('is cleared by null and left alone by silence', () => {
    const said = [
      tell(june(1), { department: 'Desk', jobTitle: 'Editor' }),
      tell(june(2), { department: null }),
      tell(june(3), {}),
    ];
    expect(seen(said, june(4)).attributes).toEqual({ jobTitle: 'Editor' });
  });

  it('cleared for a later day holds until then', () => {
    const said = [tell(june(1), { department: 'Desk' }), tell(june(2), { department: null }, { effectiveAt: june(5) })];
    expect(department(said, june(4))).toBe('Desk');
    expect(department(said, june(5))).toBeNull();
  });

  it.each(['zendesk', 'okta'])('from %s, which has no authority over attributes, does not count', (by) => {
    const said = [tell(june(1), { department: 'Desk' }), tell(june(2), { department: 'Till' }, { by })];
    expect(department(said, june(3))).toBe('Desk');
  });
});

describe('of two facts of one instant', () => {
  it('the later in the array wins', () => {
    const said = [
      tell(june(2), { department: 'Till' }, { position: 1 }),
      tell(june(2), { department: 'Desk' }, { position: 0 }),
    ];
    expect(department(said, june(3))).toBe('Till');
  });

  it('and of one position the greater job id', () => {
    const said = [
      tell(june(2), { department: 'Till' }, { id: 'b' }),
      tell(june(2), { department: 'Desk' }, { id: 'a' }),
    ];
    expect(department(said, june(3))).toBe('Till');
  });
});

describe('a date without a time zone of its own', () => {
  it('is read in the zone the person had last, in order of what occurred', () => {
    const said = [
      tell(june(3), { department: 'Till' }, { effectiveAt: '2026-06-10' }),
      tell(june(1), { department: 'Desk' }, { timeZone: 'Asia/Kolkata' }),
    ];
    expect(department(said, '2026-06-09T18:29:59.999Z')).toBe('Desk');
    expect(department(said, '2026-06-09T18:30:00.000Z')).toBe('Till');
  });

  it('is read in the default zone where the person never had one', () => {
    const said = [say('onboard', june(1), { effectiveAt: '2026-06-10' })];
    expect(seen(said, '2026-06-09T22:00:00.000Z', 'Europe/Berlin').employment.state).toBe('employed');
    expect(seen(said, '2026-06-09T22:00:00.000Z', 'UTC').employment.state).toBe('future');
  });
});

describe('an address', () => {
  const renamed = tell(june(3), { email: 'noor.ali@paper.example', previousEmail: email, externalId: '7' });

  it('is the newest that was said, from its day on', () => {
    const said = [say('onboard', june(1)), renamed];
    expect(seen(said, june(2)).email).toBe(email);
    expect(seen(said, june(3)).email).toBe('noor.ali@paper.example');
  });

  it('after a rename is not brought back by an event that only names the person by the old one', () => {
    const said = [say('onboard', june(1)), renamed, say('change', june(4), { person: { email, department: 'Desk' } })];
    expect(seen(said, june(5))).toMatchObject({ email: 'noor.ali@paper.example', attributes: { department: 'Desk' } });
  });

  it('is not replaced by a source without authority over attributes', () => {
    const other = { email: 'other@paper.example', previousEmail: email };
    const said = [say('onboard', june(1)), say('onboard', june(2), { by: 'zendesk', person: other })];
    expect(seen(said, june(3)).email).toBe(email);
  });

  it('is known from any source where none was known', () => {
    expect(seen([say('onboard', june(1), { by: 'zendesk' })], june(2)).email).toBe(email);
  });
});

describe('the fold', () => {
  it('leaves its base and the facts as they were', () => {
    const base = folded([say('onboard', june(1))]);
    const before = structuredClone(base);
    folded([say('offboard', june(2))]);
    expect(base).toEqual(before);
  });
});
