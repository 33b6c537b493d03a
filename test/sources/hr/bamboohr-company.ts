/** A BambooHR that one employee works for, and a source that asks it over HTTP. */
import type { Lookup } from '../../../shared/lifecycle/ports.ts';
import { bamboohr } from '../../../shared/sources/hr/bamboohr.ts';
import { bamboohrFake } from '../../fakes/vendors/bamboohr.ts';
import type { VendorFault, VendorRequest } from '../../fakes/vendors/vendor.ts';
import { BAMBOO_KEY } from './senders.ts';
import { served } from './served.ts';

const NOW = '2026-04-07T06:05:04.000Z';
export const SIV = {
  workEmail: 'siv@verlag.example',
  department: 'Newsroom',
  jobTitle: 'Setter',
  location: 'Bergen',
  employmentHistoryStatus: 'Full-Time',
  hireDate: '2024-02-01',
  status: 'Active',
};

export interface Setting {
  settings?: object;
  allowedDomains?: string[];
  now?: string;
  faults?: VendorFault[];
}

/** Looks an employee up whose record is this. */
export async function looked(
  employee: object | null,
  { settings, allowedDomains = [], now = NOW, faults = [] }: Setting = {},
) {
  const fake = bamboohrFake('key-of-the-api');
  if (employee) fake.employees.set('4171', { ...SIV, ...employee });
  faults.forEach(fake.fail);
  const queries: string[] = [];
  const answered = (request: VendorRequest) => {
    queries.push(request.query.toString());
    return fake.answer(request);
  };
  const source = bamboohr(
    {
      signingSecrets: [BAMBOO_KEY],
      companyDomain: 'verlag',
      apiKey: 'key-of-the-api',
      baseUrl: await served('bamboohr', { ...fake, answer: answered }),
      ...settings,
    },
    { allowedDomains, defaultZone: 'UTC', now: () => now },
  );
  const ask = (id = '4171') => source.lookUp?.(id) as Promise<Lookup>;
  return { answer: await ask(), ask, fake, queries };
}
