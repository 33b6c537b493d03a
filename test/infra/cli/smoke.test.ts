import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { smoke } from '../../../infra/cli/smoke.ts';
import { listenOnLoopback, portOf } from '../../../infra/local/ports.ts';
import { type Stack, startStack } from '../../../infra/local/stack.ts';

const TOKEN = 'canary-token-of-nobody';

async function run(argv: string[], env: Record<string, string> = {}) {
  let said = '';
  const code = await smoke({ argv, env, write: (more) => (said += more) });
  return { code, said: said.split('\n').slice(0, -1) };
}

describe('of the stack that runs', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ SWEEP_INTERVAL_SECONDS: '3600', ALLOWED_EMAIL_DOMAINS: 'press.example' });
  }, 60_000);
  afterAll(() => stack.stop());

  const ask = (token: string, ...more: string[]) =>
    run(['--url', stack.url, '--email', 'smoke@press.example', ...more], { CONSCENT_LIFECYCLE_TOKEN: token });

  it('everything works, and nothing is there afterwards that was not there before', async () => {
    const { code, said } = await ask(stack.token, '--sources', 'jira,generic/intranet');
    expect(said.filter((line) => line.startsWith(' ✓'))).toHaveLength(6);
    expect([code, said.at(-1)]).toEqual([0, 'It works.']);
    const headers = { authorization: `Bearer ${stack.token}` };
    const person = await fetch(`${stack.url}/people/smoke@press.example`, { headers });
    const jobs = await fetch(`${stack.url}/jobs?email=smoke@press.example`, { headers });
    expect([person.status, await jobs.json()]).toEqual([404, { jobs: [] }]);
  });

  it('a token that it does not know is one thing, everything else works', async () => {
    const { code, said } = await ask(TOKEN);
    expect(said.filter((line) => line.startsWith(' ✗'))).toEqual([
      expect.stringMatching(/^ ✗ the token is known.*: 401, Send a valid token/),
    ]);
    expect([code, said.at(-1)]).toEqual([1, '1 of these must be mended.']);
  });

  it('an address that is not allowed is named, and so is a source that is not configured', async () => {
    const { code, said } = await ask(stack.token, '--email', 'smoke@elsewhere.example', '--sources', 'workday');
    expect(code).toBe(1);
    expect(said).toContainEqual(expect.stringMatching(/^ ✗ the token is known.*: 400, .*\/person\/email /));
    expect(said).toContainEqual(expect.stringMatching(/^ ✗ workday is configured.*: 404, /));
  });
});

describe('of what is something else', () => {
  const answers: { status: number; body: string } = { status: 200, body: '' };
  const server = createServer((_, response) => response.writeHead(answers.status).end(answers.body));
  beforeAll(() => listenOnLoopback(server));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const ask = () => run(['--url', `http://127.0.0.1:${portOf(server)}`], { CONSCENT_LIFECYCLE_TOKEN: TOKEN });
  const faults = ({ said }: { said: string[] }) =>
    said.filter((line) => line.startsWith(' ✗')).map((line) => line.split(': ')[1]);
  beforeEach(() => Object.assign(answers, { status: 200, body: '' }));

  it('a page that answers 200 to everything is none of ours', async () => {
    answers.body = '<html>Parked</html>';
    const found = await ask();
    expect(faults(found)).toEqual([
      'something else answers there',
      'it has no OpenAPI',
      'it answered 200',
      'it answered no plan',
    ]);
    expect(found.code).toBe(1);
  });

  it('a redirect is not followed, for the token would go along', async () => {
    answers.status = 302;
    expect(faults(await ask())).toEqual(Array(4).fill('it answered 302'));
  });

  it('a secret that cannot be read is said in the words of the answer', async () => {
    Object.assign(answers, { status: 503, body: JSON.stringify({ detail: 'The tokens cannot be read.' }) });
    expect(faults(await ask())).toContain('503, The tokens cannot be read.');
  });

  it('nobody there is said, and the token is not', async () => {
    const { code, said } = await run(['--url', 'http://127.0.0.1:1', '--token', TOKEN]);
    expect(code).toBe(1);
    expect(said.join()).toContain('http://127.0.0.1:1 does not answer.');
    expect(said.join()).not.toContain(TOKEN);
  });
});

it.each([
  [['--token', TOKEN], '--url must be an https URL'],
  [['--url', 'http://api.press.example', '--token', TOKEN], '--url must be an https URL'],
  [['--url', 'https://api.press.example'], 'Set CONSCENT_LIFECYCLE_TOKEN, or --token.'],
  [['--url', 'https://api.press.example', '--token', 'two words'], 'The token is not a bearer token.'],
  [
    ['--url', 'https://api.press.example', '--token', TOKEN, '--sources', 'jira,../guard'],
    '"../guard" is no name of a source.',
  ],
  [['--url', 'https://api.press.example', '--token', TOKEN, 'jira'], "Unexpected argument 'jira'"],
])('%j asks nobody, and says why', async (argv, why) => {
  const { code, said } = await run(argv);
  expect(code).toBe(2);
  expect(said.join('\n')).toContain(why);
});

it('help is no mistake', async () => {
  expect(await run(['--help'])).toMatchObject({ code: 0 });
});
