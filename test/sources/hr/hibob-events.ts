/** What the tests of HiBob's source share: the source, an event, and how it is read. */
import { hibob } from '../../../shared/sources/hr/hibob.ts';
import { BOB_KEY, fromBob } from '../../fixtures/hr/hibob.ts';
import { SETTING } from '../signed.ts';

export const AT = '2026-04-07T06:05:04.000Z';
export const SETTINGS = { signingSecrets: [BOB_KEY], serviceUserId: 'SERVICE-7', serviceUserToken: 'token-7' };
export const source = (more: object = {}) => hibob({ ...SETTINGS, ...more }, SETTING);
export const ID = '9007199254740993001';
export const event = (type: string, data: object = { employeeId: ID }) => ({
  companyId: 40417,
  type,
  triggeredBy: 'system',
  triggeredAt: '2026-04-07T06:05:04.120001',
  version: 'v2',
  data,
});
export const UPDATED = event('employee.updated', { employeeId: ID, fieldUpdates: [{ id: 'work.title' }] });
export const read = (body: unknown) => source().read(fromBob(body, AT));
