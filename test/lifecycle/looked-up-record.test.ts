/** Rule 3: what a looked-up record says again is no statement, and a record that states a passed end re-opens nothing. */
import { describe, expect, it } from 'vitest';
import { attention, june, type Saying, say, seen } from './saying.ts';

const email = 'noor@paper.example';
const hired = '2026-06-02';

/** HiBob's record of an employee, as it was when it was looked up. */
const lookUp = (at: string, person: NonNullable<Saying['person']> = {}, saying: Saying = {}) =>
  say('onboard', at, { record: true, effectiveAt: hired, person: { email, externalId: '7', ...person }, ...saying });

describe('a looked-up record', () => {
  it('is a statement where it says something for the first time', () => {
    expect(seen([lookUp(june(1), { department: 'Desk' })], june(3))).toMatchObject({
      employment: { state: 'employed' },
      attributes: { department: 'Desk' },
    });
  });

  it('that repeats the hire date takes no end away, whoever stated it', () => {
    for (const by of ['hibob', 'zendesk', 'api']) {
      const said = [
        lookUp(june(1)),
        say('offboard', june(4), { by, effectiveAt: june(9) }),
        lookUp(june(5), { department: 'Till' }),
      ];
      expect(seen(said, june(10)).employment.state).toBe('ended');
      expect(attention(said)).toEqual({});
    }
  });

  it('that repeats an attribute does not undo what another source said since', () => {
    const said = [
      lookUp(june(1), { department: 'Desk', location: 'Pune' }),
      say('change', june(3), { by: 'api', person: { email, department: 'Till' } }),
      lookUp(june(5), { department: 'Desk', location: 'Goa' }),
    ];
    expect(seen(said, june(6)).attributes).toEqual({ department: 'Till', location: 'Goa' });
  });

  it('that says something else than the last record is a statement, also where an older record said it', () => {
    const said = [
      lookUp(june(1), { department: 'Desk' }),
      lookUp(june(3), { department: 'Till' }),
      lookUp(june(5), { department: 'Desk' }),
    ];
    expect(seen(said, june(6)).attributes).toEqual({ department: 'Desk' });
  });

  it('is compared with its own source only', () => {
    const said = [
      lookUp(june(1), { department: 'Desk' }),
      say('change', june(2), { by: 'api', person: { email, department: 'Till' } }),
      lookUp(june(3), { department: 'Desk' }, { by: 'greenhouse' }),
    ];
    expect(seen(said, june(4)).attributes).toEqual({ department: 'Desk' });
  });

  it('that repeats the old address does not undo a rename that another source stated', () => {
    const said = [
      lookUp(june(1), { department: 'Desk' }),
      say('change', june(3), { by: 'api', person: { email: 'noor.ali@paper.example', previousEmail: email } }),
      lookUp(june(5), { department: 'Till' }),
    ];
    expect(seen(said, june(6))).toMatchObject({ email: 'noor.ali@paper.example', attributes: { department: 'Till' } });
  });

  it('with a new hire date re-opens an employment that its source ended', () => {
    const said = [lookUp(june(1)), say('offboard', june(4)), lookUp(june(6), {}, { effectiveAt: '2026-06-08' })];
    expect(seen(said, june(9)).employment.state).toBe('employed');
  });

  it('with a hire date before an end that its source stated says when they came, not that they came back', () => {
    const ended = say('offboard', june(4));
    const first = lookUp(june(6), { department: 'Desk' });
    expect(seen([ended, first], june(9)).employment.state).toBe('ended');
    const corrected = lookUp(june(8), {}, { effectiveAt: '2026-06-01' });
    expect(seen([ended, first, corrected], june(9))).toMatchObject({ attributes: { department: 'Desk' } });
    expect(seen([ended, first, corrected], june(9)).employment.state).toBe('ended');
    expect(seen([say('offboard', june(4), { by: 'api' }), first], june(9)).employment.state).toBe('ended');
  });

  it('is compared with the records of the same employee id: an old job’s record, touched again, ends no new job', () => {
    const left = (at: string, id: string) => ({
      person: { email, externalId: id },
      ...{ record: true, effectiveAt: at },
    });
    const old = (at: string) => [
      lookUp(at, { externalId: '7' }, { effectiveAt: '2026-05-01' }),
      say('offboard', at, { position: 1, ...left('2026-06-01', '7') }),
    ];
    const said = [
      ...old(june(3)),
      lookUp(june(5), { externalId: '9' }, { effectiveAt: '2026-06-04' }),
      ...old(june(7)),
    ];
    expect(seen(said, june(8)).employment.state).toBe('employed');
  });

  it('of an old job that gets its end after the new job began ends no new job, but one that goes on beside it', () => {
    const joins = (at: string, id: string, day: string) => lookUp(at, { externalId: id }, { effectiveAt: day });
    const ends = (at: string, day: string) =>
      say('offboard', at, { position: 1, record: true, effectiveAt: day, person: { email, externalId: '7' } });
    const said = [joins(june(1), '7', '2026-05-01'), joins(june(5), '9', '2026-06-04')];
    expect(seen([...said, ends(june(7), '2026-06-03')], june(8)).employment.state).toBe('employed');
    expect(seen([...said, ends(june(7), '2026-06-05')], june(8)).employment.state).toBe('ended');
    const coming = [joins(june(1), '7', '2026-05-01'), joins(june(5), '9', '2026-06-20')];
    expect(seen([...coming, ends(june(7), '2026-06-03')], june(8)).employment.state).toBe('ended');
  });

  it('with another hire date that also states a passed end re-opens nothing', () => {
    const leaves = (at: string) =>
      say('offboard', at, { record: true, position: 1, effectiveAt: '2026-06-04', person: { email, externalId: '7' } });
    const said = [
      lookUp(june(1)),
      leaves(june(5)),
      lookUp(june(7), {}, { effectiveAt: '2026-06-01' }),
      leaves(june(7)),
    ];
    expect(seen(said, june(8)).employment.state).toBe('ended');
  });
});
