import { describe, expect, it } from 'vitest';
import { greenhouse } from '../../../shared/sources/hr/greenhouse.ts';
import { greenhouseHeaders, hire, unhire } from '../../fixtures/hr/greenhouse.ts';
import vectors from '../../fixtures/vectors/greenhouse.json' with { type: 'json' };
import { SETTING } from '../signed.ts';
import { wire } from '../stage.ts';

const SECRET = 'greenhouse-unit-test-secret';
const AT = '2026-03-02T08:00:00.000Z';
const PATTERN = '{firstName}.{lastName}@press.example';
const make = (more: object = {}) =>
  greenhouse({ signingSecrets: [SECRET], workEmailPattern: PATTERN, ...more }, SETTING);
const BODY = JSON.stringify(hire());
const SIGNATURE = greenhouseHeaders(BODY, { secret: SECRET }).signature;
const HEX = SIGNATURE.slice('sha256 '.length);
const verify = (signature: string | undefined, body = BODY) =>
  make().verify({ headers: { signature }, body: wire(body), receivedAt: AT });
const read = (body: object | string, { headers = {}, settings = {} }: { headers?: object; settings?: object } = {}) =>
  make(settings).read({ headers: { ...headers }, body: wire(body), receivedAt: AT });

describe('of the vectors', () => {
  for (const { name, secrets, headers, body, isValid } of vectors.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const source = greenhouse({ signingSecrets: secrets }, SETTING);
      expect(source.verify({ headers: { ...headers }, body: wire(body), receivedAt: AT })).toBe(isValid);
    });
  }
});

describe('a delivery is refused with', () => {
  it.each([
    ['no signature', undefined],
    ['an empty one', ''],
    ['the hash alone', HEX],
    ['no space behind the algorithm', `sha256${HEX}`],
    ['two spaces', `sha256  ${HEX}`],
    ['another separator', `sha256=${HEX}`],
    ['another algorithm', `sha1 ${HEX}`],
    ['the algorithm in capitals', `SHA256 ${HEX}`],
    ['hex in capitals', `sha256 ${HEX.toUpperCase()}`],
    ['a signature sent twice', `${SIGNATURE},${SIGNATURE}`],
    ['a signature sent twice, with a space', `${SIGNATURE}, ${SIGNATURE}`],
    ['half a byte less', SIGNATURE.slice(0, -1)],
    ['a byte more', `${SIGNATURE}00`],
    ['the hash in base64', `sha256 ${Buffer.from(HEX, 'hex').toString('base64')}`],
    ['the signature of another secret', greenhouseHeaders(BODY).signature],
  ])('%s', (_, signature) => expect(verify(signature)).toBe(false));

  it('another body', () => expect(verify(SIGNATURE, BODY.replace('Night', 'Day'))).toBe(false));
  it('the same body with a space', () => expect(verify(SIGNATURE, BODY.replace(':', ': '))).toBe(false));
  it('nothing wrong is accepted', () => expect(verify(SIGNATURE)).toBe(true));
});

describe('a source is not made with', () => {
  it.each<[string, object, RegExp]>([
    ['no secret', { signingSecrets: [] }, /greenhouse\.signingSecrets/],
    ['an empty secret beside a good one', { signingSecrets: [SECRET, ''] }, /greenhouse\.signingSecrets\.1/],
    ['a pattern without a placeholder', { workEmailPattern: 'all@press.example' }, /greenhouse\.workEmailPattern/],
    ['a placeholder that is not known', { workEmailPattern: '{name}@press.example' }, /greenhouse\.workEmailPattern/],
    ['a name as the domain', { workEmailPattern: 'a@{lastName}.example' }, /greenhouse\.workEmailPattern/],
    ['an unknown setting', { apiKey: 'x' }, /greenhouse\.apiKey is not a known setting/],
    ['a time zone that is none', { timeZone: '+05:30' }, /greenhouse\.timeZone/],
  ])('%s, and the error names the member', (_, settings, named) => {
    expect(() => make(settings)).toThrow(named);
  });

  it('a pattern outside the allowed domains', () => {
    const context = { ...SETTING, allowedDomains: ['kontor.example'] };
    const settings = { signingSecrets: [SECRET], workEmailPattern: PATTERN };
    expect(() => greenhouse(settings, context)).toThrow(/greenhouse\.workEmailPattern/);
  });
});

describe('a hire', () => {
  it('is an onboard on the first day, with the place of the first job', () => {
    expect(read(hire(), { settings: { timeZone: 'Europe/Dublin' } })).toMatchObject({
      kind: 'notices',
      notices: [
        {
          kind: 'event',
          event: {
            type: 'onboard',
            effectiveAt: '2026-03-20',
            timeZone: 'Europe/Dublin',
            person: {
              email: 'zoe.obrien@press.example',
              externalId: '88021',
              jobTitle: 'Night Editor',
              department: 'Newsroom',
              location: 'Cork',
              employmentType: 'Part-time',
            },
          },
        },
      ],
    });
  });

  it('says nothing of the candidate but what the rules may ask for', () => {
    const reading = read(hire());
    expect(JSON.stringify(reading)).not.toMatch(/Zoë|Brien"|Stringer|occurredAt/);
  });

  it('of a job that says nothing of its place clears what was known', () => {
    expect(read(hire({ jobs: [{ name: null, departments: [], custom_fields: [] }] }))).toMatchObject({
      notices: [{ event: { person: { jobTitle: null, department: null, location: null, employmentType: null } } }],
    });
  });

  it.each<[string, object, object]>([
    ['without a pattern', {}, { workEmailPattern: undefined }],
    ['of a name that leaves nothing in ASCII', { last_name: '李' }, {}],
    ['without a last name that the pattern asks for', { last_name: null }, {}],
  ])('%s needs a person, who knows the address', (_, candidate, settings) => {
    expect(read(hire(candidate), { settings })).toMatchObject({
      notices: [{ kind: 'review', id: '88021', code: 'no-email' }],
    });
  });

  it.each<[string, unknown]>([
    ['no offer', null],
    ['no day', { version: 1 }],
    ['an empty day', { starts_at: '' }],
    ['0000-00-00', { starts_at: '0000-00-00' }],
    ['a day that is none', { starts_at: '2026-02-30' }],
  ])('with %s cannot be read: at once would be too early', (_, offer) => {
    const body = hire();
    Object.assign(body.payload.application, { offer });
    const violations = [{ pointer: '/payload/application/offer/starts_at', detail: 'must be a date' }];
    expect(read(body)).toMatchObject({ kind: 'unreadable', violations });
  });
});

describe('an event', () => {
  it('that takes a hire back is an offboard that ends nothing that has begun', () => {
    const event = { type: 'offboard', person: { externalId: '88021' }, reason: 'unhired' };
    expect(read(unhire())).toMatchObject({ kind: 'notices', notices: [{ kind: 'event', event, withdraws: true }] });
  });

  it('of a deleted candidate is no leaver', () => {
    const body = { action: 'delete_candidate', payload: { person: { id: 88021, first_name: 'Zoë' } } };
    expect(read(body)).toMatchObject({
      notices: [{ kind: 'review', id: '88021', code: 'employee-deleted' }],
    });
  });

  it.each<[string, object]>([
    ['a ping', { action: 'ping', payload: { web_hook_id: 12, web_hook_type: 'hire_candidate' } }],
    [
      'an employee of the onboarding product',
      { event_type: 'employee:updated', id: 'e1', payload: { updated_employee_id: 1 } },
    ],
    [
      'a stage',
      { action: 'candidate_stage_change', payload: { application: { id: 1, candidate: { id: 2 }, jobs: {} } } },
    ],
    ['a job', { action: 'job_created', payload: { job: { id: 1 } } }],
    ['something without an action', {}],
  ])('that is %s says nothing', (_, body) => {
    expect(read(body)).toMatchObject({ kind: 'notices', notices: [] });
  });

  it.each<[string, object | string, string]>([
    ['no JSON', '{"action":', ''],
    ['no object', '[]', ''],
    ['a hire of nobody', { action: 'hire_candidate', payload: {} }, '/payload/application/candidate'],
    ['a hire whose candidate has no id', hire({ id: 'x/../y' }), '/payload/application/candidate/id'],
    ['an unhire of nobody', { action: 'unhire_candidate' }, '/payload/application/candidate'],
    ['a deletion of nobody', { action: 'delete_candidate', payload: {} }, '/payload/person/id'],
  ])('that is %s is unreadable and says where', (_, body, pointer) => {
    expect(read(body)).toMatchObject({ kind: 'unreadable', violations: [{ pointer }] });
  });

  it('must be answered 200', () => {
    expect(make()).toMatchObject({ acceptedStatus: 200, unreadableStatus: 202 });
  });
});

describe('a delivery', () => {
  it('is not known by the vendor’s id, which is not signed: whoever repeats it could choose another', () => {
    const idOf = (body: object, id: string) => read(body, { headers: { 'greenhouse-event-id': id } }).deliveryId;
    expect(idOf(hire(), 'evt-8')).toBe(idOf(hire(), 'evt-9'));
    expect(idOf(unhire(), 'evt-9')).not.toBe(idOf(hire(), 'evt-9'));
  });

  it('is known by its action, application, version of the offer and last activity', () => {
    const ids = [
      hire(),
      hire({ first_name: 'Zoe' }),
      hire({ offer: { version: 4, starts_at: '2026-03-20' } }),
      hire({ application: { last_activity_at: '2026-03-03T10:00:00Z' } }),
      unhire(),
    ];
    const [first, again, ...others] = ids.map((body) => read(body).deliveryId);
    expect(again).toBe(first);
    expect(new Set([first, ...others]).size).toBe(4);
  });
});
