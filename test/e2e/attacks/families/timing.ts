/** Credentials that are nearly right: what is compared with what, and how often, is the same as for those that are not. */
import { timingSafeEqual } from 'node:crypto';
import { expect, vi } from 'vitest';
import type { Answer, Attack, Family } from '../attack.ts';
import { KEYS, TOKEN_LIST, TOKENS } from '../secrets.ts';
import { as, signed } from '../sending.ts';
import type { Stage } from '../stage.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Good, but for the last character; of the first two characters alone; and nothing like it. */
const guesses = (good: string) => [
  `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`,
  good.slice(0, 2),
  'guessed',
];

/** The sizes of what each try has compared. */
let compared: number[][] = [];

/** Sends guesses one by one, and notes what is compared for each: no clock could tell it as surely. */
async function tryEach(tries: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  const comparing = vi.mocked(timingSafeEqual);
  compared = [];
  const answers: Answer[] = [];
  for (const attempt of tries) {
    comparing.mockClear();
    answers.push(await attempt());
    compared.push(comparing.mock.calls.flatMap(([a, b]) => [a.byteLength, b.byteLength]));
  }
  return answers;
}

const alike = (that: string, count: number, bytes: number) => ({
  that,
  holds: () => expect(compared).toEqual(compared.map(() => Array(count * 2).fill(bytes))),
});

const okta = (stage: Stage, authorization: string) =>
  stage.invoke('webhooks', {
    route: 'POST /webhooks/{source}',
    params: { source: 'okta' },
    headers: { ...JSON_TYPE, authorization },
    body: '{}',
  });

const attacks: Attack[] = [
  {
    rule: 'how near a token is cannot be found out',
    sent: 'a token that is wrong in its last character, its first two characters, and another text',
    send: (stage) =>
      tryEach(
        guesses(TOKENS['auditor'] ?? '').map((guess) => () => {
          const headers = { ...as('auditor'), authorization: `Bearer ${guess}` };
          return stage.invoke('jobs', { route: 'GET /jobs', query: { status: 'queued' }, headers });
        }),
      ),
    answered: '401 unauthorized',
    stored: 'nothing',
    besides: alike('its SHA-256 is compared with that of every token, in constant time', TOKEN_LIST.length, 32),
  },
  {
    rule: 'how near a static credential is cannot be found out, nor how long it is',
    sent: 'the same of Okta’s credential',
    send: (stage) => tryEach(guesses(KEYS.okta).map((guess) => () => okta(stage, guess))),
    answered: '401 invalid-signature',
    stored: 'nothing',
    besides: alike('digests are compared, in constant time', 1, 32),
  },
  {
    rule: 'how near a signature is cannot be found out',
    sent: 'signatures of the right length that are wrong in their last byte, and in all of them',
    send: (stage) => {
      const body = '{"type":"offboard","person":{"email":"mallory@press.example"}}';
      const good = signed(body);
      const bytes = Buffer.from(`${good['webhook-signature']}`.slice('v1,'.length), 'base64');
      const near = Buffer.from(bytes.map((byte, index) => (index === 31 ? byte ^ 1 : byte)));
      return tryEach(
        [near, Buffer.alloc(32)].map((forged) => () => {
          const headers = { ...good, 'webhook-signature': `v1,${forged.toString('base64')}` };
          return stage.invoke('webhooks', {
            route: 'POST /webhooks/{source}',
            params: { source: 'standard-webhooks' },
            headers,
            body,
          });
        }),
      );
    },
    answered: '401 invalid-signature',
    stored: 'nothing',
    besides: alike('all 32 bytes are compared, in constant time', 1, 32),
  },
];

export const timing: Family = {
  title: 'Guessing by the clock',
  about:
    'Proven by what is called, not by a clock: `timingSafeEqual`, equally often and with equally many bytes, however near the guess is.',
  attacks,
};
