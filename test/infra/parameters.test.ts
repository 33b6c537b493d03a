/** What would deploy and be found out when something is missing is refused before it is packaged. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../infra/local/settings.ts';
import { inForce, parameterFaults } from '../../infra/parameters.ts';

const defaults = {
  alarmEmail: '',
  throttleRate: 100,
  throttleBurst: 200,
  reserveConcurrency: 'false',
  deletionProtection: false,
  guardLimit: '10',
};
const faultsOf = (ofStage: object, options: string[] = [], environment: object = {}) =>
  parameterFaults({ defaults, ofStage: { ...ofStage }, options }, [{ ...ENVIRONMENT, ...environment }]);
const ENVIRONMENT = {
  CONSCENT_SECRET_ID: 'conscent',
  SOURCES_SECRET_ID: 'sources',
  TOKENS_SECRET_ID: 'tokens',
  JOBS_TABLE: { Ref: 'JobsTable' },
  PEOPLE_TABLE: { Ref: 'PeopleTable' },
  QUEUE_URL: { Ref: 'WakeQueue' },
};

describe('parameters', () => {
  it('are right as they are by default, and with values of a publisher’s', () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ alarmEmail: 'on-call@press.example', reserveConcurrency: 'true', throttleRate: 50 })).toEqual([]);
  });

  it.each([
    ['a name that there is not', { alarmMail: 'a@press.example' }, /^alarmMail is no parameter/],
    ['an address that is none', { alarmEmail: 'nobody' }, /^alarmEmail must be an email address/],
    ['a word where true or false is asked', { reserveConcurrency: 'yes' }, /^reserveConcurrency must be true or false/],
    ['a rate of nothing', { throttleRate: 0 }, /^throttleRate must be a whole number above 0/],
  ])('are refused for %s, under a stage and on the command line', (_what, wrong, said) => {
    const options = Object.entries(wrong).map(([name, value]) => `${name}=${value}`);
    expect(faultsOf(wrong)).toEqual([expect.stringMatching(said)]);
    expect(faultsOf({}, options)).toEqual([expect.stringMatching(said)]);
  });

  it('are refused for what a function would refuse at its start, once for all functions', () => {
    const wrong = { ...ENVIRONMENT, DEFAULT_TIME_ZONE: 'Mars/Olympus', GUARD_LIMIT: 'ten' };
    const faults = parameterFaults({ defaults, ofStage: {}, options: [] }, [wrong, wrong]);
    expect(faults).toEqual([
      expect.stringMatching(/^defaultTimeZone must be an IANA time zone/),
      expect.stringMatching(/^guardLimit must be/),
    ]);
  });

  it('of the command line win over those of the stage, and these over the defaults', () => {
    const ofStage = { throttleRate: 50, throttleBurst: 60 };
    expect(inForce({ defaults, ofStage, options: ['throttleRate=70'] })).toMatchObject({
      throttleRate: '70',
      throttleBurst: 60,
      guardLimit: '10',
    });
  });
});

it('nothing is packaged with a parameter that is misspelt', async () => {
  const args = ['node_modules/osls/bin/serverless.js', 'package', '--stage', 'prod', '--param=alarmMail=a@b.example'];
  const run = promisify(execFile)(process.execPath, [...args, '--package', '.build/never'], { cwd: ROOT });
  await expect(run).rejects.toMatchObject({ stdout: expect.stringContaining('alarmMail is no parameter') });
}, 60_000);
