/** Tables that hold for every vendor alike. */
import type { Lookup } from '../../shared/lifecycle/lookup.ts';
import type { VendorFault } from '../fakes/vendors/vendor.ts';

const unavailable: Lookup = { kind: 'failed', reason: 'vendor-unavailable' };
const unauthorized: Lookup = { kind: 'failed', reason: 'vendor-unauthorized' };

/** How asking for a record goes wrong, and what that comes to. */
export const FAILURES: [how: string, fault: VendorFault, found: Lookup][] = [
  ['401', { status: 401 }, unauthorized],
  ['403', { status: 403 }, unauthorized],
  ['404', { status: 404 }, { kind: 'not-found' }],
  ['429 with Retry-After', { status: 429, retryAfter: '90' }, { ...unavailable, retryAfterSeconds: 90 }],
  ['429 without', { status: 429 }, unavailable],
  ['500', { status: 500, body: '{"id":"1"}' }, unavailable],
  ['503 with Retry-After', { status: 503, retryAfter: '7' }, { ...unavailable, retryAfterSeconds: 7 }],
  ['a redirect', { status: 302 }, unavailable],
  ['200 and a page', { status: 200, body: '<html>Sign in</html>' }, unavailable],
  ['200 and nothing', { status: 200, body: '' }, unavailable],
  ['200 and half a record', { status: 200, body: '{"data":{"id":"' }, unavailable],
  ['200 and a list', { status: 200, body: '[]' }, { kind: 'failed', reason: 'record-incomplete' }],
  ['200 and null', { status: 200, body: 'null' }, { kind: 'failed', reason: 'record-incomplete' }],
  ['200 and an empty object', { status: 200, body: '{}' }, { kind: 'failed', reason: 'record-incomplete' }],
  [
    '200 and an error',
    { status: 200, body: '{"error":{"code":429}}' },
    { kind: 'failed', reason: 'record-incomplete' },
  ],
];

/** Signatures that are refused, made of a good one in hex. Of the header that carries it. */
export const BAD_SIGNATURES: [rule: string, forge: (good: string) => string | undefined][] = [
  ['none', () => undefined],
  ['an empty one', () => ''],
  ['the header sent twice', (good) => `${good},${good}`],
  ['the header sent twice, with a space', (good) => `${good}, ${good}`],
  ['a byte missing', (good) => good.slice(2)],
  ['a byte to spare', (good) => `${good}00`],
  ['half a byte missing', (good) => good.slice(1)],
  ['capitals', (good) => good.toUpperCase()],
  ['a prefix', (good) => `sha256=${good}`],
  ['space around it', (good) => ` ${good}`],
  ['another byte', (good) => `${good.startsWith('00') ? '11' : '00'}${good.slice(2)}`],
  ['base64 of another key', () => `${'A'.repeat(43)}=`],
];

/** Secrets that nobody may be let in by. */
export const BAD_SECRETS: [rule: string, secrets: unknown][] = [
  ['no secrets', undefined],
  ['an empty list of secrets', []],
  ['an empty secret', ['']],
  ['an empty secret beside a good one', ['a good one, long enough', '']],
  ['one text instead of a list', 'a good one, long enough'],
];

/** Ids that would lead out of the place that an employee's id has in a URL. */
export const BAD_IDS = ['', '.', '..', '../me', 'a/b', 'a%2Fb', 'a?b=c', 'a#b', 'a b', 'ä', 'x'.repeat(65), '1\n'];

/** What vendors write where there is no date. */
export const NO_DATES = [null, '', '0000-00-00', '0001-01-01', '9999-12-31', '0000-00-00T00:00:00Z'];

/** What is no date, and does not say that there is none: it may be an end that cannot be read, and so makes a record incomplete. */
export const NOT_DATES = ['2026-02-30', '31/12/2026', '2026-06-301', 'next week'];

/** What may not be found anywhere but at the HR system. */
export const CANARIES = {
  iban: 'DE00CANARYBANK',
  annual_salary: 'canary-salary-91000',
  home_address: { street: 'canary-street 7' },
  ssn: 'canary-ssn-123',
  passport_number: 'canary-passport',
  phone: 'canary-phone',
  date_of_birth: 'canary-birth',
  personal_email: 'canary.private@post.example',
};
