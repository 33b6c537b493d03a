/** `npm run smoke`: says of a deployment, without changing anything in it, whether it works. */
import ky from 'ky';
import { type Call, exitCodeOf, readApiUrl, readOptions, readToken, thisCall, UsageError } from './command-line.ts';
import { problemLines } from './problem.ts';

const USAGE = `npm run smoke -- --url https://… [--token …] [--sources bamboohr,generic/intranet] [--email somebody@example.com]

Asks a deployment what can be asked without changing anything in it.

  --url       where the API is: https, or http to this machine
  --token     with the scope events:write; else CONSCENT_LIFECYCLE_TOKEN, which other users of this machine cannot see
  --sources   which must be there; each is sent a request without a signature, and must refuse it
  --email     whom the dry run is about, where ALLOWED_EMAIL_DOMAINS does not allow example.com

What it cannot ask is whether Conscent takes the API key: there is no call that only reads. "npm run probe" finds out.
`;

const string = { type: 'string' } as const;
const OPTIONS = { url: string, token: string, sources: string, email: string, help: { type: 'boolean' } } as const;

/** What is asked, and of whom. */
interface Smoke {
  baseUrl: URL;
  /** Never printed. */
  token: string;
  email: string;
  sources: readonly string[];
}

/** What was answered; `body` is what JSON it was, if any. */
interface Answer {
  status: number;
  body: unknown;
}

interface Question {
  /** What should be so. */
  rule: string;
  path: string;
  init?: { method: string; body?: string; headers?: Record<string, string> };
  /** What is wrong with an answer, or `null`. */
  fault(answer: Answer): string | null;
}

// A first call starts a function, and the one behind the gateway has 29 s.
const TIMEOUT_MS = 30_000;

/** Asks everything and answers the exit code: 0 where all is as it should be, 1 where not, 2 where it was called wrongly. */
export function smoke({ argv, env, write }: Call): Promise<number> {
  return exitCodeOf(async () => {
    const values = readOptions(argv, OPTIONS);
    if (values.help) write(USAGE);
    if (values.help) return 0;
    const faults = await askAll(readSmoke(values, env), write);
    write(faults === 0 ? 'It works.\n' : `${faults} of these must be mended.\n`);
    return faults === 0 ? 0 : 1;
  }, write);
}

type Asked = Partial<Record<'url' | 'token' | 'sources' | 'email', string>>;

function readSmoke({ url, token, sources = '', email = 'smoke-test@example.com' }: Asked, env: Call['env']): Smoke {
  const names = sources.split(',').filter((source) => source !== '');
  const wrong = names.find((source) => !/^[\w-]+(\/[\w-]+)?$/.test(source));
  if (wrong !== undefined) throw new UsageError(`${JSON.stringify(wrong)} is no name of a source.`);
  return { baseUrl: readApiUrl(url), token: readToken(token, env), email, sources: names };
}

async function askAll(asked: Smoke, write: Call['write']): Promise<number> {
  let faults = 0;
  for (const question of questionsOf(asked)) {
    const fault = await ask(question, asked.baseUrl);
    write(fault === null ? ` ✓ ${question.rule}\n` : ` ✗ ${question.rule}: ${fault}\n`);
    faults += fault === null ? 0 : 1;
  }
  return faults;
}

async function ask({ path, init, fault }: Question, baseUrl: URL): Promise<string | null> {
  const options = { ...init, redirect: 'manual', retry: 0, throwHttpErrors: false, timeout: TIMEOUT_MS } as const;
  try {
    const response = await ky(new URL(path, baseUrl), options);
    return fault({ status: response.status, body: await response.json().catch(() => null) });
  } catch {
    // What an HTTP client says may quote the token.
    return `${baseUrl.origin} does not answer. Is --url right?`;
  }
}

function questionsOf({ token, email, sources }: Smoke): Question[] {
  const dryRun = (authorization: Record<string, string>) => ({
    method: 'POST',
    body: JSON.stringify({ type: 'onboard', person: { email } }),
    headers: { 'content-type': 'application/json', ...authorization },
  });
  return [
    {
      rule: 'it is there',
      path: 'health',
      fault: expecting(200, (body) => (memberOf(body, 'status') === 'ok' ? null : 'something else answers there')),
    },
    {
      rule: 'it says what it is',
      path: 'openapi.json',
      fault: expecting(200, (body) => (memberOf(body, 'openapi') === undefined ? 'it has no OpenAPI' : null)),
    },
    {
      rule: 'it lets nobody in without a token',
      path: 'events?dryRun=true',
      init: dryRun({}),
      fault: expecting(401),
    },
    {
      rule: 'the token is known, the ledger and the access policy are read (a dry run)',
      path: 'events?dryRun=true',
      init: dryRun({ authorization: `Bearer ${token}` }),
      fault: expecting(200, (body) => (Array.isArray(memberOf(body, 'plans')) ? null : 'it answered no plan')),
    },
    ...sources.map((source) => ({
      rule: `${source} is configured, and refuses what is not signed`,
      path: `webhooks/${source}`,
      init: { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
      fault: expecting(401),
    })),
  ];
}

function expecting(status: number, faultOf: (body: unknown) => string | null = () => null) {
  return (answer: Answer) => (answer.status === status ? faultOf(answer.body) : refusal(answer));
}

/** Why, in the words of a problem document where it is one. */
function refusal({ status, body }: Answer): string {
  const lines = problemLines(body);
  return lines ? `${status}, ${lines.join(' ')}` : `it answered ${status}`;
}

function memberOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

if (import.meta.main) process.exitCode = await smoke(thisCall());
