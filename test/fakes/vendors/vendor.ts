/**
 * What the fakes of the vendors have in common: employees, tickets or users that can be changed, faults that strike the next requests, and credentials that
 * are checked. Each vendor's own file says how its API looks from outside.
 */

/** A request to a vendor's API. `path` begins behind the vendor's base URL. */
export interface VendorRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

/** What is answered; an object is sent as JSON. */
export interface VendorReply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** How the next requests go, instead of the truth. */
export interface VendorFault {
  status: number;
  retryAfter?: string;
  /** Sent as it is. */
  body?: string;
  times?: number;
}

/** An employee, a ticket or a user as the fake keeps them: whatever members the vendor's records have. */
export type Employee = Record<string, unknown>;

/** A fake vendor. */
export interface VendorFake {
  /** Its employees, tickets or users, by their ids. */
  records: Map<string, Employee>;
  /** Every request to the API, refused ones included. */
  requests: { method: string; path: string }[];
  /** Makes the next requests fail. */
  fail(fault: VendorFault): void;
  answer(request: VendorRequest): VendorReply;
}

/** Answers a vendor's own requests, once nothing has been told to go wrong. */
export type VendorApi = (request: VendorRequest, records: Map<string, Employee>) => VendorReply;

/** A fake whose API is the vendor's. */
export function vendorFake(api: VendorApi): VendorFake {
  const faults: VendorFault[] = [];
  const fake: VendorFake = {
    records: new Map(),
    requests: [],
    fail: (fault) => void faults.push({ times: 1, ...fault }),
    answer: (request) => {
      fake.requests.push({ method: request.method, path: request.path });
      return struck(faults) ?? api(request, fake.records);
    },
  };
  return fake;
}

function struck(faults: VendorFault[]): VendorReply | undefined {
  const [fault] = faults;
  if (!fault) return undefined;
  fault.times = (fault.times ?? 1) - 1;
  if (fault.times < 1) faults.shift();
  const { status, retryAfter, body } = fault;
  return { status, ...(retryAfter && { headers: { 'retry-after': retryAfter } }), ...(body !== undefined && { body }) };
}

/** Whether a request carries these Basic credentials. */
export function isBasic({ headers }: VendorRequest, user: string, password: string): boolean {
  return headers['authorization'] === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** What was written to a ticket, oldest first. */
export function commentsOf(ticket: Employee | undefined): { text: string; isInternal?: boolean }[] {
  const { comments } = ticket ?? {};
  return Array.isArray(comments) ? comments : [];
}
