import { describe, expect, it } from 'vitest';
import { fromBob } from '../../fixtures/hr/hibob.ts';
import { AT, event, ID, read, source, UPDATED } from './hibob-events.ts';

const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;

const lookup = { kind: 'lookup', id: ID, settleSeconds: 20 };
const review = (code: string) => ({ kind: 'review', id: ID, code });
const READ: [rule: string, body: unknown, notices: object[]][] = [
  ...['created', 'updated', 'joined', 'left', 'activated'].map((what): [string, unknown, object[]] => [
    `employee.${what} is looked up when the API has settled`,
    event(`employee.${what}`),
    [lookup],
  ]),
  [
    'an update may name its fields otherwise',
    event('employee.updated', { employeeId: ID, fieldUpdatesIds: ['root.email'] }),
    [lookup],
  ],
  [
    'an entry of a table is looked up',
    event('table.entry.created', { employeeId: ID, tableId: 'lifecycle', effectiveDate: '2026-05-01' }),
    [lookup],
  ],
  ['a changed entry too', event('table.entry.updated', { employeeId: ID, tableId: 'work', id: '12' }), [lookup]],
  [
    'a deleted record is no leaver',
    event('employee.deleted', { employeeId: ID, email: 'x@y.example' }),
    [review('employee-deleted')],
  ],
  ['nor is somebody inactivated, on leave perhaps', event('employee.inactivated'), [review('employee-inactive')]],
  ['a request for time off asks for nothing', event('timeoff.request.approved', { timeoffRequestId: 1 }), []],
  ['an event type nobody has heard of asks for nothing', { type: 'constructor' }, []],
];

describe('of a verified body', () => {
  for (const [rule, body, notices] of READ) {
    it(rule, () => {
      expect(read(body)).toEqual({ kind: 'notices', notices, deliveryId: sha256 });
    });
  }

  it('the delay may be another', () => {
    expect(source({ settleSeconds: 0 }).read(fromBob(UPDATED, AT))).toMatchObject({ notices: [{ settleSeconds: 0 }] });
  });
});

describe('access that is revoked immediately', () => {
  const revoked = (triggeredAt: unknown) => {
    const reading = read({ ...event('employee.access.revoked.immediately'), triggeredAt });
    return reading.kind === 'notices' ? reading.notices : [];
  };
  const offboard = (more: object) => [
    {
      kind: 'event',
      event: { type: 'offboard', person: { externalId: ID }, reason: 'employee.access.revoked.immediately', ...more },
    },
    // Somebody who is known by an address only is found by it.
    { kind: 'lookup', id: ID, settleSeconds: 20 },
  ];

  it.each([
    ['2026-04-07T06:05:04.120001', '2026-04-07T06:05:04.120001Z'],
    ['2026-04-07T06:05:04Z', '2026-04-07T06:05:04Z'],
    ['2026-04-07T08:05:04.5+02:00', '2026-04-07T08:05:04.5+02:00'],
  ])('ends at %s, in UTC where no zone is said', (triggeredAt, occurredAt) => {
    expect(revoked(triggeredAt)).toEqual(offboard({ occurredAt }));
  });

  it.each([undefined, null, 17, '', 'yesterday'])('ends when it is received where the time reads %j', (triggeredAt) => {
    expect(revoked(triggeredAt)).toEqual(offboard({}));
  });
});

const UNREADABLE: [body: unknown, pointer: string][] = [
  ['', ''],
  ['Ping', ''],
  ['[]', ''],
  [{ companyId: 40417 }, '/type'],
  [event('employee.left', {}), '/data/employeeId'],
  [event('employee.left', { employeeId: 9_007_199_254_740_992 }), '/data/employeeId'],
  [event('employee.access.revoked.immediately', { employeeId: '1/../2' }), '/data/employeeId'],
];

describe('a body that cannot be read says where, and is answered as one that can', () => {
  for (const [body, pointer] of UNREADABLE) {
    it(JSON.stringify(body), () => {
      const violations: unknown = expect.arrayContaining([expect.objectContaining({ pointer })]);
      expect(read(body)).toMatchObject({ kind: 'unreadable', violations, deliveryId: sha256 });
      expect(source()).toMatchObject({ unreadableStatus: 202, acceptedStatus: 200 });
    });
  }
});

describe('a delivery is known', () => {
  const idOf = (body: unknown) => read(body).deliveryId;

  it('by company, type, data and time, whoever triggered it', () => {
    expect(idOf({ ...UPDATED, triggeredBy: '55', version: 'v2.1' })).toBe(idOf(UPDATED));
  });

  it.each([
    { companyId: 2 },
    { type: 'employee.left' },
    { data: { employeeId: '1' } },
    { triggeredAt: '2026-04-07T06:05:04.120002' },
  ])('and is another with another %j', (other) => {
    expect(idOf({ ...UPDATED, ...other })).not.toBe(idOf(UPDATED));
  });
});
