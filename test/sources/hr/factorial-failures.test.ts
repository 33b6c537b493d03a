/** What is no whole answer of Factorial says nothing about anybody. */
import { describe, expect, it } from 'vitest';
import { factorial } from '../../../shared/sources/hr/factorial.ts';
import { factorialFake } from '../../fakes/vendors/factorial.ts';
import { useVendor } from '../stage.ts';
import { FAILURES } from '../tables.ts';

const vendor = useVendor({
  make: factorial,
  fake: () => factorialFake('unit-test-key'),
  settings: { challenges: ['factorial-unit-test'], apiKey: 'unit-test-key' },
});
const INCOMPLETE = { kind: 'failed', reason: 'record-incomplete' };
const found = async (employee: object, settings: object = {}) => {
  vendor.fake.records.set('12', { ...employee });
  return vendor.source(settings).lookUp?.('12');
};

describe('a record is not whole', () => {
  it.each(['terminated_on', 'active', 'is_terminating', 'login_email'])('without %s', async (member) => {
    expect(await found({ [member]: undefined })).toEqual(INCOMPLETE);
  });

  it.each<[string, object]>([
    ['whose end is no date', { terminated_on: '31/08/2026' }],
    ['of somebody else', { id: 13 }],
    [
      'whose contract has no day',
      { contract_versions: [{ effective_on: '0000-00-00', starts_on: null, job_title: 'Editor' }] },
    ],
    ['whose contract hides its title', { contract_versions: [{ effective_on: '2025-02-01', starts_on: null }] }],
  ])('%s', async (_, employee) => expect(await found(employee)).toEqual(INCOMPLETE));

  it.each<[string, object]>([
    ['has a next page', { data: [], meta: { has_next_page: true } }],
    ['is no list', { data: {} }],
    ['is empty', {}],
  ])('whose list %s', async (_, list) => {
    vendor.fake.records.set('12', {});
    vendor.instead('memberships', { status: 200, body: list });
    expect(await vendor.source().lookUp?.('12')).toEqual(INCOMPLETE);
  });

  it.each(['contract_versions', 'memberships', '/teams/teams/1', '/locations/locations/1'])(
    'where %s is not found: that says nothing of the employee',
    async (path) => {
      vendor.fake.records.set('12', {});
      vendor.instead(path, { status: 404, body: {} });
      expect(await vendor.source().lookUp?.('12')).toEqual(INCOMPLETE);
    },
  );
});

describe('a look-up that is answered', () => {
  it.each(FAILURES)('%s says nothing about anybody', async (_, fault, lookup) => {
    vendor.fake.records.set('12', {});
    vendor.fake.fail(fault);
    expect(await vendor.source().lookUp?.('12')).toEqual(lookup);
  });

  it('in part only says nothing either', async () => {
    vendor.fake.records.set('12', {});
    vendor.instead('contract_versions', { status: 503 });
    expect(await vendor.source().lookUp?.('12')).toEqual({ kind: 'failed', reason: 'vendor-unavailable' });
  });

  it('with a key that is not known, or of nobody', async () => {
    expect(await found({}, { apiKey: 'old-key' })).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
    expect(await vendor.source().lookUp?.('999')).toEqual({ kind: 'not-found' });
  });

  it.each(['12/../13', '../12', '', '0', '-1', '1e3', '12?x=1'])('is never made for %j', async (id) => {
    expect(await vendor.source().lookUp?.(id)).toEqual({ kind: 'not-found' });
    expect(vendor.fake.requests).toEqual([]);
  });
});
