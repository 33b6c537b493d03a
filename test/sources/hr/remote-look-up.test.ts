/** Remote's employments, looked up over HTTP. */
import { describe, expect, it } from 'vitest';
import { remote } from '../../../shared/sources/hr/remote.ts';
import { remoteEmployment, remoteFake } from '../../fakes/vendors/remote.ts';
import { useVendor } from '../stage.ts';
import { FAILURES } from '../tables.ts';

const ID = '7d4f5d5e-51a3-4b6c-9a52-2f0a8f3b9e01';
const vendor = useVendor({
  make: remote,
  fake: () => remoteFake('unit-test-token'),
  settings: { signingSecrets: ['remote-unit-test-key'], apiToken: 'unit-test-token' },
});

describe('a look-up', () => {
  const found = async (more: object, settings: object = {}, context: object = {}) => {
    vendor.fake.records.set(ID, { ...more });
    return vendor.source(settings, context).lookUp?.(ID);
  };

  it('answers the record by its work address and nothing else of the person', async () => {
    expect(await found({}, { timeZone: 'Europe/Lisbon' })).toEqual({
      kind: 'record',
      record: {
        employeeId: ID,
        email: 'ines@press.example',
        start: '2026-02-02',
        end: null,
        timeZone: 'Europe/Lisbon',
        attributes: { jobTitle: 'Editor', department: 'Newsroom', location: 'Portugal', employmentType: 'employee' },
      },
    });
  });

  it.each<[string, object, object]>([
    ['an end to come', { termination_date: '2026-08-31', status: 'offboarding' }, { end: '2026-08-31' }],
    ['an end that is 9999-12-31', { termination_date: '9999-12-31' }, { end: null }],
    ['a start that is 0001-01-01', { provisional_start_date: '0001-01-01' }, { start: null }],
    ['a contractor without a start', { type: 'contractor', provisional_start_date: undefined }, { start: null }],
    ['a draft, which is no hire', { status: 'created', provisional_start_date: '2026-09-01' }, { start: null }],
    ['a coming first day', { status: 'invited', provisional_start_date: '2026-09-01' }, { start: '2026-09-01' }],
    ['no work address', { work_email: null }, { email: null }],
    [
      'a work address that is the personal one',
      { work_email: 'a@b.example', personal_email: 'a@b.example' },
      { email: null },
    ],
    ['a work address that is none', { work_email: 'ines(at)press' }, { email: null }],
    ['no termination date at all, while active', { termination_date: undefined }, { end: null }],
  ])('of %s', async (_, more, record) => {
    expect(await found(more)).toMatchObject({ kind: 'record', record });
  });

  it('takes no address outside the allowed domains', async () => {
    expect(await found({}, {}, { allowedDomains: ['kontor.example'] })).toMatchObject({ record: { email: null } });
  });

  it.each<[string, object, string]>([
    ['a deactivated user', { user_status: 'inactive' }, 'employee-inactive'],
    ['an archived employment', { status: 'archived' }, 'employee-inactive'],
    ['an offboarding', { status: 'offboarding' }, 'employee-inactive'],
    ['a deleted employment', { status: 'deleted' }, 'employee-deleted'],
  ])('of %s without a date is for a person to judge', async (_, more, code) => {
    expect(await found(more)).toEqual({ kind: 'review', code });
  });

  it('of an onboarding that was cancelled before the first day says that the hire was called off, and ends nothing else', async () => {
    const cancelled = { status: 'archived', user_status: 'cancelled', provisional_start_date: '2026-09-01' };
    expect(await found(cancelled)).toMatchObject({ record: { withdrawn: true, end: null } });
  });

  it.each(['status', 'work_email', 'job_title', 'id'])('without %s is no whole record', async (member) => {
    expect(await found({ [member]: undefined })).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it.each<[string, object]>([
    ['somebody else', { id: '7d4f5d5e-51a3-4b6c-9a52-2f0a8f3b9e02' }],
    ['an end that is no date', { termination_date: 'next week' }],
  ])('that answers %s is no whole record', async (_, more) => {
    expect(await found(more)).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it.each<(typeof FAILURES)[number]>([
    ...FAILURES,
    ['no employment', { status: 200, body: '{"data":{}}' }, { kind: 'failed', reason: 'record-incomplete' }],
  ])('that is answered %s says nothing about anybody', async (_, fault, lookup) => {
    vendor.fake.records.set(ID, {});
    vendor.fake.fail(fault);
    expect(await vendor.source().lookUp?.(ID)).toEqual(lookup);
  });

  it('with a token that is not known, or of nobody, is refused by the vendor', async () => {
    expect(await found({}, { apiToken: 'old-token' })).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
    expect(await vendor.source().lookUp?.('00000000-0000-4000-8000-000000000000')).toEqual({ kind: 'not-found' });
  });

  it('of a vendor that cannot be reached is tried again', async () => {
    expect(await vendor.source({ baseUrl: 'http://127.0.0.1:9' }).lookUp?.(ID)).toEqual({
      kind: 'failed',
      reason: 'vendor-unavailable',
    });
  });

  it.each(['../companies', `${ID}/../x`, '', ID.slice(1), `${ID}?a=b`])('never asks for %j', async (id) => {
    expect(await vendor.source().lookUp?.(id)).toEqual({ kind: 'not-found' });
    expect(vendor.fake.requests).toEqual([]);
  });

  it('takes a record that is not wrapped', async () => {
    vendor.fake.fail({ status: 200, body: JSON.stringify(remoteEmployment(ID)) });
    expect(await vendor.source().lookUp?.(ID)).toMatchObject({ kind: 'record', record: { employeeId: ID } });
  });
});
