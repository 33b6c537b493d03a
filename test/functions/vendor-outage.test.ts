/** BambooHR never repeats what was answered 4xx, so whatever is our fault is a 503 that it does repeat. */
import { expect, it, vi } from 'vitest';
import { BAMBOO_KEY, fromBamboo } from '../fixtures/hr/bamboohr.ts';
import { NOW, problemOf, SOUND, useHandler } from './stack.ts';

const SETTINGS = { signingSecrets: [BAMBOO_KEY], companyDomain: 'hamn', apiKey: 'key-of-the-api' };
const { send, held, close } = useHandler(() => import('../../functions/webhooks.ts'));

const deliver = async () => {
  const body = '{"type":"employee.updated","timestamp":"2026-09-09T09:09:09+0000","data":{"employeeId":"61"}}';
  const { headers } = fromBamboo(body, NOW);
  const answer = await send({ route: 'POST /webhooks/{source}', params: { source: 'bamboohr' }, headers, body });
  return { ...answer, isSound: answer.status === 202 || JSON.stringify(problemOf(answer)) === JSON.stringify(SOUND) };
};
/** A secret is kept for five minutes. */
const secretsAge = () => void vi.setSystemTime(Date.now() + 300_000);
const toComeAgain = { status: 503, headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) as unknown } };

// One test, because each fault follows upon the last.
it('an unreadable secret, a source without a usable secret and a ledger that is down are told as ours', async () => {
  const answers = [];
  for (const sources of [undefined, 'no object', { bamboohr: { ...SETTINGS, signingSecrets: [''] } }]) {
    Object.assign(held, { sources });
    answers.push(await deliver());
    secretsAge();
  }
  expect(answers).toMatchObject([toComeAgain, toComeAgain, toComeAgain]);
  Object.assign(held, { sources: { bamboohr: SETTINGS } });
  expect(await deliver()).toMatchObject({ status: 202 });
  await close();
  answers.push(await deliver());
  expect(answers[3]).toMatchObject(toComeAgain);
  expect(answers.map(({ isSound }) => isSound)).toEqual([true, true, true, true]);
});
