import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plusSeconds } from '../../shared/lifecycle/effective-date.ts';
import type { Fact } from '../../shared/lifecycle/fact.ts';
import { foldFacts, nothingFolded } from '../../shared/lifecycle/fold.ts';
import { newsOfTicket, ticketKey, wordsOf } from '../../shared/lifecycle/repetition.ts';

const START = '2026-03-02T08:00:00.000Z';
let ids = 0;
const fact = (minute: number, more: Partial<Fact> = {}): Fact => ({
  id: `f-${++ids}`,
  source: 'desk',
  ticket: 'T-1',
  type: 'offboard',
  occurredAt: plusSeconds(START, minute * 60),
  position: 0,
  employment: 'end',
  email: 'ulf@hamn.example',
  mayRename: false,
  attributes: {},
  ...more,
});
const hire = (minute: number, more: Partial<Fact> = {}) =>
  fact(minute, { type: 'onboard', employment: 'start', ...more });
const withoutTicket = (said: Fact): Fact => {
  const { ticket, ...rest } = said;
  return rest;
};

/** What a fact is beside others, all of which are still kept. */
const newsOf = (said: Fact, known: readonly Fact[], withdrawn: Record<string, string> = {}) =>
  newsOfTicket(said, foldFacts(known, nothingFolded('UTC')).tickets, withdrawn);

describe('of what a ticket says', () => {
  it('the first is news', () => {
    expect(newsOf(fact(1), [])).toBe('news');
    expect(newsOf(fact(1), [hire(0, { ticket: 'T-9' })])).toBe('news');
  });

  it('its own last words are a repetition, whatever others said before', () => {
    expect(newsOf(fact(9), [hire(0, { source: 'hr' }), fact(1)])).toBe('repetition');
    expect(newsOf(hire(9), [hire(1)])).toBe('repetition');
  });

  it.each<[string, Partial<Fact>]>([
    ['of another day', { effectiveAt: '2026-04-01' }],
    ['of another person', { email: 'ada@hamn.example' }],
    ['of another zone', { timeZone: 'Asia/Kolkata' }],
    ['with an employee id', { externalId: '7' }],
    ['with an attribute', { attributes: { department: 'Newsroom' } }],
    ['with a grant', { grant: { key: 'T-1', profile: 'treasury' } }],
  ])('words %s are news', (_, more) => {
    expect(newsOf(fact(9, more), [fact(1)])).toBe('news');
    expect(newsOf(fact(9, more), [fact(1, more)])).toBe('repetition');
  });

  it('the order of attributes and of the members of a grant is no news', () => {
    const one = { attributes: { a: '1', b: '2' }, grant: { key: 'k', profile: 'p', until: '2026-05-01' } };
    const other = { attributes: { b: '2', a: '1' }, grant: { until: '2026-05-01', profile: 'p', key: 'k' } };
    expect(newsOf(fact(9, one), [fact(1, other)])).toBe('repetition');
  });

  it('words that it had taken back in between are news', () => {
    expect(newsOf(fact(9), [fact(1), fact(2, { effectiveAt: '2026-04-01' })])).toBe('news');
  });

  it('the words of another ticket, or of one with its number elsewhere, are no repetition', () => {
    expect(newsOf(fact(9), [fact(1, { ticket: 'T-2' })])).toBe('news');
    expect(newsOf(fact(9), [fact(1, { source: 'other-desk' })])).toBe('news');
    expect(newsOf(withoutTicket(fact(9)), [withoutTicket(fact(1))])).toBe('news');
  });

  it('an end that was reversed is news again: leaver first', () => {
    expect(newsOf(fact(9), [fact(1), hire(2, { source: 'api' })])).toBe('news');
  });

  it('a hire that has ended since is a reopening, in the same words or corrected ones, whoever ended it', () => {
    for (const source of ['desk', 'hr', 'api']) {
      const end = fact(2, { source, ticket: 'T-2' });
      expect(newsOf(hire(9, { effectiveAt: '2026-05-01' }), [hire(1), end])).toBe('reopening');
      expect(newsOf(hire(9), [hire(1), end])).toBe('repetition');
    }
  });

  it('an onboard of a ticket that ended the employment itself is a reopening', () => {
    expect(newsOf(hire(9), [hire(0, { ticket: 'T-2' }), fact(1)])).toBe('reopening');
  });

  it('a hire that was taken back since is a reopening too', () => {
    const back = fact(2, { source: 'hr', employment: 'withdrawal' });
    const coming = { effectiveAt: '2026-06-01' };
    expect(newsOf(hire(9, { effectiveAt: '2026-06-02' }), [hire(1, coming), withoutTicket(back)])).toBe('reopening');
  });

  it('words that an operator withdrew are a repetition, and other words are news', () => {
    const withdrawn = { [ticketKey(hire(1)) ?? '']: wordsOf(hire(1)) };
    expect(newsOf(hire(9), [], withdrawn)).toBe('repetition');
    expect(newsOf(hire(9, { effectiveAt: '2026-05-01' }), [], withdrawn)).toBe('news');
    expect(newsOf(hire(9, { ticket: 'T-2' }), [], withdrawn)).toBe('news');
  });

  it('is remembered when its facts have been folded away', () => {
    const end = fact(2, { ticket: 'T-2' });
    const base = foldFacts([hire(1), end], nothingFolded('UTC'));
    const tickets = foldFacts([withoutTicket(fact(3, { type: 'change' }))], base).tickets;
    expect(newsOfTicket(hire(9), tickets)).toBe('repetition');
    expect(newsOfTicket(hire(9, { effectiveAt: '2026-05-01' }), tickets)).toBe('reopening');
    expect(newsOfTicket(fact(9, { ticket: 'T-2' }), tickets)).toBe('repetition');
  });

  it('a hire that is corrected before any end is news', () => {
    expect(newsOf(hire(9, { effectiveAt: '2026-05-01' }), [hire(1)])).toBe('news');
    expect(newsOf(hire(9, { effectiveAt: '2026-05-01' }), [fact(0, { ticket: 'T-2' }), hire(1)])).toBe('news');
  });
});

describe('whatever was said in whatever order', () => {
  const said = fc.array(
    fc.record({
      minute: fc.integer({ min: 1, max: 500 }),
      isEnd: fc.boolean(),
      ticket: fc.constantFrom('T-1', 'T-2', 'T-3'),
      effectiveAt: fc.constantFrom(undefined, '2026-04-01', '2026-05-01'),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const factsOf = (statements: { minute: number; isEnd: boolean; ticket: string; effectiveAt: string | undefined }[]) =>
    statements.map(({ minute, isEnd, ticket, effectiveAt }) =>
      (isEnd ? fact : hire)(minute, { ticket, ...(effectiveAt && { effectiveAt }) }),
    );

  it('no ticket that hired somebody brings them back once an end was stated', () => {
    fc.assert(
      fc.property(said, fc.constantFrom(undefined, '2026-06-01'), (statements, effectiveAt) => {
        const facts = [...factsOf(statements), hire(0), fact(501, { ticket: 'T-2' })];
        const again = hire(999, effectiveAt ? { effectiveAt } : {});
        expect(newsOf(again, facts)).not.toBe('news');
      }),
    );
  });

  it('an end is a repetition only while no onboard has come since it was said', () => {
    fc.assert(
      fc.property(said, (statements) => {
        const facts = factsOf(statements);
        const again = fact(999);
        const isOpen = facts.some(
          (other) =>
            other.employment === 'start' &&
            facts.every((end) => end.employment !== 'end' || end.ticket !== 'T-1' || end.occurredAt < other.occurredAt),
        );
        if (isOpen) expect(newsOf(again, facts)).toBe('news');
      }),
    );
  });

  it('the order in which facts are kept does not matter', () => {
    fc.assert(
      fc.property(said, fc.boolean(), fc.integer(), (statements, isEnd, seed) => {
        const facts = factsOf(statements);
        const again = (isEnd ? fact : hire)(999);
        const shuffled = facts.toSorted((a, b) => ((seed ^ a.id.length) % 7) - ((seed ^ b.id.length) % 7)).reverse();
        expect(newsOf(again, shuffled)).toBe(newsOf(again, facts));
      }),
    );
  });
});
