/** ServiceNow from what a script sends to the dashboard, and back into the ticket. */
import { expect } from 'vitest';
import { servicenow } from '../../../shared/sources/ticketing/servicenow.ts';
import { journalOf, servicenowFake } from '../../fakes/vendors/servicenow.ts';
import {
  SNOW_BASIC,
  SNOW_SECRET,
  SYS_ID,
  snowItem,
  snowNamed,
  snowSettings,
} from '../../fixtures/ticketing/servicenow.ts';
import { signedHeaders } from '../signed.ts';
import { useVendor, wire } from '../stage.ts';

/** How a delivery is known that is not signed, by the record, its count and its bytes. */
export const countedAs = (count: number): unknown =>
  expect.stringMatching(new RegExp(`^${SYS_ID}:${count}:[0-9a-f]{16}$`));

/** Stands a ServiceNow up for a file of tests, with one requested item. */
export function useServicenow() {
  const vendor = useVendor({ make: servicenow, fake: () => servicenowFake(), settings: snowSettings });
  const item = () => vendor.fake.records.get(SYS_ID);
  const road = (settings: object = {}) => {
    const made = vendor.road(settings);
    /** Sends with Basic: a hint. */
    const hint = (body: object, seconds?: number) =>
      made.deliver({ headers: SNOW_BASIC, body: wire(body) }, seconds).then(([job]) => job);
    const sign = (body: object, id = 'RITM0011042:3') =>
      made
        .deliver((at) => {
          const text = JSON.stringify(body);
          return { headers: { ...signedHeaders({ body: text, at, id, secret: SNOW_SECRET }) }, body: wire(text) };
        })
        .then(([job]) => job);
    /** What the rule sends whenever the item was updated, by whomever: its name and count as they are now. */
    const fire = (seconds?: number) => hint(snowNamed({ sys_mod_count: item()?.['sys_mod_count'] ?? '3' }), seconds);
    /** Somebody orders or changes the item, and the rule sends it. */
    const order = (name: string, email: string, variables: object = {}, more: object = {}) => {
      const sys_mod_count = String(Number(item()?.['sys_mod_count'] ?? 2) + 1);
      vendor.fake.records.set(SYS_ID, { ...item(), ...snowItem(name, email, variables), sys_mod_count, ...more });
      return fire();
    };
    return { ...made, hint, sign, fire, order };
  };
  return {
    vendor,
    road,
    item,
    /** What was written into the item. */
    notes: () => journalOf(item()),
    updates: () => vendor.fake.requests.filter(({ method }) => method === 'PATCH').length,
  };
}
