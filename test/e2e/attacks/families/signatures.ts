/** Deliveries that are not signed, not signed so, or not signed now. */
import type { Attack, Family } from '../attack.ts';
import { forged, joiner, PATH, REFUSED } from '../forging.ts';
import { KEYS } from '../secrets.ts';
import { hex, signed } from '../sending.ts';
import type { Stage } from '../stage.ts';

const without = (all: Record<string, string>, name: string) =>
  Object.fromEntries(Object.entries(all).filter(([one]) => !one.startsWith(name)));

const github = (stage: Stage, headers: Record<string, string>, body: string) =>
  stage.request('POST', '/webhooks/generic/signed', {
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

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
    rule: 'what was signed is the bytes, and all of them',
    sent: 'a signed body with another address, with a space more, and with its end cut off',
    send: async (stage, canary) => {
      const body = joiner(canary);
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
  title: 'Forged signatures',
  about:
    'Every signature goes through one verifier: raw bytes first, exact spelling, all keys in constant time, then the timestamp. Nothing is parsed before.',
  attacks,
};
