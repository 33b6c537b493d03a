/** Deliveries that are not signed, not signed so, or not signed now. */
import { expect } from 'vitest';
import { hire, unhire } from '../../../fixtures/hr/greenhouse.ts';
import type { Attack, Family } from '../attack.ts';
import { KEYS } from '../secrets.ts';
import { hex, signed } from '../sending.ts';
import type { Stage } from '../stage.ts';

const PATH = '/webhooks/standard-webhooks';
const leaver = (canary: string) =>
  JSON.stringify({
    type: 'onboard',
    person: { email: 'mallory@press.example', firstName: canary, department: 'Finance' },
  });

/** A delivery whose headers are made of good ones. */
const forged =
  (forge: (good: Record<string, string>, body: string) => Record<string, string>): Attack['send'] =>
  (stage, canary) => {
    const body = leaver(canary);
    return stage.request('POST', PATH, { body, headers: forge(signed(body), body) });
  };

const REFUSED = { answered: '401 invalid-signature', stored: 'nothing' };

const without = (all: Record<string, string>, name: string) =>
  Object.fromEntries(Object.entries(all).filter(([one]) => !one.startsWith(name)));

const github = (stage: Stage, headers: Record<string, string>, body: string) =>
  stage.request('POST', '/webhooks/generic/signed', {
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

const greenhouse = (stage: Stage, body: object, id: string) => {
  const sent = JSON.stringify(body);
  const signature = `sha256 ${hex(KEYS.greenhouse, sent)}`;
  const headers = { 'content-type': 'application/json', signature, 'greenhouse-event-id': id };
  return stage.request('POST', '/webhooks/greenhouse', { body: sent, headers });
};

const attacks: Attack[] = [
  {
    rule: 'a delivery without its signature is nobody’s',
    sent: 'the body alone; and the other headers with it, but not the signature',
    send: async (stage, canary) =>
      [
        await forged((good) => without(good, 'webhook-'))(stage, canary),
        await forged((good) => without(good, 'webhook-signature'))(stage, canary),
        await forged((good) => ({ ...good, 'webhook-signature': '' }))(stage, canary),
      ].flat(),
    ...REFUSED,
  },
  {
    rule: 'the algorithm is ours to choose',
    sent: 'good HMACs of SHA-1 and SHA-512 in the place of SHA-256, and signatures that name another version (`v1a`, `v0`, `none`)',
    send: async (stage, canary) =>
      [
        await forged((_, body) => signed(body, { algorithm: 'sha1' }))(stage, canary),
        await forged((_, body) => signed(body, { algorithm: 'sha512' }))(stage, canary),
        await forged((good) => ({
          ...good,
          'webhook-signature': `${good['webhook-signature']}`.replace('v1,', 'v1a,'),
        }))(stage, canary),
        await forged((good) => ({
          ...good,
          'webhook-signature': `${good['webhook-signature']}`.replace('v1,', 'v0,'),
        }))(stage, canary),
        await forged((good) => ({ ...good, 'webhook-signature': 'none' }))(stage, canary),
      ].flat(),
    ...REFUSED,
  },
  {
    rule: 'an older header of the same sender opens nothing',
    sent: 'to a sender of the scheme `github`: a good `X-Hub-Signature: sha1=…`; a SHA-1 that calls itself `sha256=`',
    send: async (stage, canary) => {
      const body = JSON.stringify({ id: '1', what: 'onboard', mail: 'mallory@press.example', name: canary });
      const sha1 = hex(KEYS.github, body, 'sha1');
      return [
        await github(stage, { 'x-hub-signature': `sha1=${sha1}` }, body),
        await github(stage, { 'x-hub-signature-256': `sha1=${sha1}` }, body),
        await github(stage, { 'x-hub-signature-256': `sha256=${sha1}` }, body),
      ];
    },
    ...REFUSED,
  },
  {
    rule: 'an empty key signs nothing',
    sent: 'signatures made with the empty key, with the key’s text undecoded, and with another source’s key',
    send: async (stage, canary) =>
      [
        await forged((_, body) => signed(body, { key: '' }))(stage, canary),
        await forged((_, body) => signed(body, { key: KEYS.standard }))(stage, canary),
        await forged((_, body) => signed(body, { key: KEYS.hibob }))(stage, canary),
      ].flat(),
    ...REFUSED,
  },
  {
    rule: 'a source with an empty secret does not open, not even by an empty header',
    sent: 'an empty challenge to a source whose only secret was configured empty',
    send: (stage, canary) =>
      stage.request('POST', '/webhooks/factorial', {
        body: JSON.stringify({ id: 1, first_name: canary }),
        headers: { 'content-type': 'application/json', 'x-factorial-wh-challenge': '' },
      }),
    answered: '503 unavailable',
    stored: 'nothing',
  },
  {
    rule: 'a delivery is worth nothing after its time, nor before it',
    sent: 'a good signature of six minutes ago, one of six minutes ahead, and one whose timestamp was made current',
    send: async (stage, canary) =>
      [
        await forged((_, body) => signed(body, { ageSeconds: 360 }))(stage, canary),
        await forged((_, body) => signed(body, { ageSeconds: -360 }))(stage, canary),
        await forged((good, body) => ({
          ...signed(body, { ageSeconds: 360 }),
          'webhook-timestamp': `${good['webhook-timestamp']}`,
        }))(stage, canary),
      ].flat(),
    ...REFUSED,
  },
  {
    rule: 'a timestamp is digits and nothing else',
    sent: 'timestamps such as `1e9`, `+1`, ` 1 `, `0x1` and the empty one',
    send: (stage, canary) =>
      Promise.all(
        ['1e9', '+1', '0x1', '-1', '', '1.0'].map((timestamp) =>
          forged((good) => ({ ...good, 'webhook-timestamp': timestamp }))(stage, canary),
        ),
      ).then((all) => all.flat()),
    ...REFUSED,
  },
  {
    rule: 'a delivery that comes again is the same job',
    sent: 'one signed delivery, three times within its window',
    given: async (stage) => {
      const body = leaver('nobody').replace('mallory', 'once');
      return stage.request('POST', PATH, { body, headers: signed(body, { id: 'msg-replayed' }) });
    },
    send: async (stage) => {
      const body = leaver('nobody').replace('mallory', 'once');
      const headers = signed(body, { id: 'msg-replayed' });
      return [
        await stage.request('POST', PATH, { body, headers }),
        await stage.request('POST', PATH, { body, headers }),
      ];
    },
    answered: '202',
    stored: 'nothing',
    besides: {
      that: 'each answer names the first job, as a duplicate',
      holds: ({ answers }) => {
        for (const { text } of answers) expect(text).toContain('"duplicate":true');
      },
    },
  },
  {
    rule: 'a hire that was taken back is not brought back by its old delivery under a new name',
    sent: 'Greenhouse’s signed `hire_candidate` once more, after the `unhire_candidate`, with a fresh `Greenhouse-Event-ID`, which is not signed',
    given: async (stage) => {
      await greenhouse(stage, hire({ first_name: 'Replayed', last_name: 'Hire', id: 991 }), 'evt-1');
      await greenhouse(stage, unhire(991), 'evt-2');
    },
    send: (stage) => greenhouse(stage, hire({ first_name: 'Replayed', last_name: 'Hire', id: 991 }), 'evt-3'),
    answered: '200',
    stored: 'nothing',
  },
  {
    rule: 'what was signed is the bytes, and all of them',
    sent: 'a signed body with another address, with a space more, and with its end cut off',
    send: async (stage, canary) => {
      const body = leaver(canary);
      const headers = signed(body);
      const altered = [body.replace('mallory', 'malory'), `${body} `, body.slice(0, -1)];
      return Promise.all(altered.map((one) => stage.request('POST', PATH, { body: one, headers })));
    },
    ...REFUSED,
  },
  {
    rule: 'a signature has one spelling',
    sent: 'the good one in base64url, in hex, with a byte to spare, with a space, and twice in a list with a comma',
    send: async (stage, canary) => {
      const spell = [
        (good: string) => good.replaceAll('+', '-').replaceAll('/', '_').replace('=', ''),
        (good: string) => `v1,${Buffer.from(good.slice(3), 'base64').toString('hex')}`,
        (good: string) => `${good}AAAA`,
        (good: string) => `v1, ${good.slice(3)}`,
        (good: string) => `${good},${good}`,
      ];
      const sent = spell.map((one) =>
        forged((good) => ({ ...good, 'webhook-signature': one(`${good['webhook-signature']}`) }))(stage, canary),
      );
      return (await Promise.all(sent)).flat();
    },
    ...REFUSED,
  },
];

export const signatures: Family = {
  title: 'Forged and repeated signatures',
  about:
    'Every signature goes through one verifier: raw bytes first, exact spelling, all keys in constant time, then the timestamp. Nothing is parsed before.',
  attacks,
};
