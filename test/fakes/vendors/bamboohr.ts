/**
 * BambooHR's employee endpoint. An employee is kept by the API's own field names. `_future` holds what is entered for a later day, which
 * is only shown with `onlyCurrent=false`; `_hidden` lists fields that the key may not see, which are left out without a word; `_more` is sent
 * although nobody asked.
 */
import { type Employee, isBasic, type VendorFake, type VendorReply, type VendorRequest, vendorFake } from './vendor.ts';

const API_KEY = 'local-demo-bamboohr-key';
const DATES = ['hireDate', 'terminationDate'];
const TEXTS = ['workEmail', 'department', 'jobTitle', 'location', 'employmentHistoryStatus', 'status'];
const PATH = /^\/employees\/(\d+)\/?$/;

/** @param apiKey the one it accepts; unless said otherwise that of `npm start`. */
export function bamboohrFake(apiKey = API_KEY): VendorFake {
  return vendorFake((request, employees) => {
    if (!isBasic(request, apiKey, 'x')) return { status: 401 };
    const id = PATH.exec(request.path)?.[1];
    const employee = employees.get(id ?? '');
    if (request.method !== 'GET' || !id || !employee) return { status: 404 };
    // Without it the real one answers XML.
    if (!request.headers['accept']?.includes('application/json')) return xml(id);
    return { status: 200, body: { id, ...shown(employee, request) } };
  });
}

function xml(id: string): VendorReply {
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: `<employee id="${id}"/>` };
}

function shown(employee: Employee, { query }: VendorRequest): Record<string, unknown> {
  const { _future: future = {}, _hidden: hidden = [], _more: more = {}, ...current } = employee;
  const record: Employee = query.get('onlyCurrent') === 'false' ? { ...current, ...(future as Employee) } : current;
  const asked = (query.get('fields') ?? '').split(',').filter((field) => !(hidden as string[]).includes(field));
  const known = asked.filter((field) => field in record || DATES.includes(field) || TEXTS.includes(field));
  const none = (field: string) => (DATES.includes(field) ? '0000-00-00' : null);
  return { ...(more as Employee), ...Object.fromEntries(known.map((field) => [field, record[field] ?? none(field)])) };
}
