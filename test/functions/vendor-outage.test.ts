/**
 * BambooHR never repeats what was answered 4xx, and ServiceNow's retry policy honours `Retry-After`, so whatever is our fault is a 503 that
 * both repeat.
 */
import { expect, it, vi } from 'vitest';
import { BAMBOO_KEY, fromBamboo } from '../fixtures/hr/bamboohr.ts';
import { SNOW_BASIC, SNOW_SETTINGS, snowNamed } from '../fixtures/ticketing/servicenow.ts';
import { NOW, problemOf, SOUND, useHandler } from './stack.ts';

const SETTINGS = { signingSecrets: [BAMBOO_KEY], companyDomain: 'hamn', apiKey: 'key-of-the-api' };
const { send, held, close } = useHandler(() => import('../../functions/webhooks.ts'));

const BODY = '{"type":"employee.updated","timestamp":"2026-09-09T09:09:09+0000","data":{"employeeId":"61"}}';
const LEAVER = JSON.stringify({ ...snowNamed(), type: 'offboard', person: { email: 'moa@hamn.example' } });
const SENT = [
  { source: 'bamboohr', body: BODY, headers: fromBamboo(BODY, NOW).headers },
  { source: 'servicenow', body: LEAVER, headers: { ...SNOW_BASIC, 'content-type': 'application/json' } },
];
const deliver = async () => {
  const answers = [];
  for (const { source, ...sent } of SENT) {
    const answer = await send({ route: 'POST /webhooks/{source}', params: { source }, ...sent });
    const isSound = answer.status === 202 || JSON.stringify(problemOf(answer)) === JSON.stringify(SOUND);
    answers.push({ ...answer, isSound });
  }
  return answers;
};
/** A secret is kept for five minutes. */
const secretsAge = () => void vi.setSystemTime(Date.now() + 300_000);
const toComeAgain = { status: 503, headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) as unknown } };

// One test, because each fault follows upon the last.
it('an unreadable secret, a source without a usable secret and a ledger that is down are told as ours', async () => {
  const careless = {
    bamboohr: { ...SETTINGS, signingSecrets: [''] },
    servicenow: { basic: { ...SNOW_SETTINGS.basic, passwords: [''] } },
  };
  const answers = [];
  for (const sources of [undefined, 'no object', careless]) {
    Object.assign(held, { sources });
    answers.push(...(await deliver()));
    secretsAge();
  }
  expect(answers).toMatchObject(Array(6).fill(toComeAgain));
  Object.assign(held, { sources: { bamboohr: SETTINGS, servicenow: SNOW_SETTINGS } });
  expect(await deliver()).toMatchObject([{ status: 202 }, { status: 202 }]);
  await close();
  answers.push(...(await deliver()));
  expect(answers.slice(6)).toMatchObject([toComeAgain, toComeAgain]);
  expect(answers.every(({ isSound }) => isSound)).toBe(true);
});
