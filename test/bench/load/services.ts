/**
 * The embedded services of a load run: AWS and Conscent. For figures they are a process of their own, so that what the handlers' process holds is
 * the handlers' alone; for a test they are here.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { startAws } from '../../../infra/local/aws.ts';
import { type ConscentSandbox, startConscentSandbox } from '../../../infra/local/conscent-sandbox.ts';

const CONSCENT = { apiKey: 'load-key', apiSecret: 'load-secret' };
const SCOPES = ['events:write', 'jobs:read', 'people:read', 'people:write'];

/** The bearer token of a load run. */
export const TOKEN = 'token-of-the-load-run';
/** What the burst is signed with. */
export const SIGNING_SECRET = `whsec_${Buffer.from('a key of the load run, 32 bytes!').toString('base64')}`;

/** What Conscent has at the end. */
export interface Figures {
  users: { email: string; flags: string[] }[];
  mostAtOnce: number;
}

/** Running services. */
export interface Services {
  /** What the handlers need in their environment. */
  environment: Record<string, string>;
  figures(): Promise<Figures>;
  close(): Promise<void>;
}

/** Starts them in this process. @param delayMs how long Conscent takes to answer. */
export async function startServices(delayMs: number): Promise<Services> {
  const sandbox = await startConscentSandbox({ port: 0, credentials: CONSCENT, behaviour: { delayMs } });
  const tokens = [{ name: 'load', sha256: createHash('sha256').update(TOKEN).digest('hex'), scopes: SCOPES }];
  const sources = { 'standard-webhooks': { signingSecrets: [SIGNING_SECRET] } };
  const aws = await startAws({ secrets: () => ({ conscent: CONSCENT, sources, tokens }) });
  return {
    environment: { ...aws.environment, CONSCENT_BASE_URL: sandbox.url },
    figures: async () => figuresOf(sandbox),
    close: async () => {
      await aws.close();
      await sandbox.close();
    },
  };
}

function figuresOf(sandbox: ConscentSandbox): Figures {
  const users = sandbox.users().map(({ email, permissions }) => {
    const flags = Object.keys(permissions).filter((flag) => permissions[flag]);
    return { email, flags: flags.sort() };
  });
  return { users, mostAtOnce: sandbox.mostAtOnce() };
}

/** Starts them as a process of their own. */
export async function forkServices(delayMs: number): Promise<Services> {
  const child = fork(import.meta.filename, [String(delayMs)]);
  const environment = await answerOf<Record<string, string>>(child);
  return {
    environment,
    figures: () => {
      child.send('figures');
      return answerOf<Figures>(child);
    },
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [answer] = (await once(child, 'message')) as [T];
  return answer;
}

if (import.meta.main && process.send) {
  const services = await startServices(Number(process.argv[2]));
  process.on('message', async () => process.send?.(await services.figures()));
  process.on('disconnect', () => process.exit(0));
  process.send(services.environment);
}
