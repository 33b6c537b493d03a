/** Puts the local stack together: AWS on loopback, the Conscent sandbox, the gateway with the real handlers, wake-ups and sweep. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScheduledEvent, SQSEvent } from 'aws-lambda';
import { readConfig } from '../../shared/platform/config.ts';
import { buildFunctions } from '../build.ts';
import { type LocalAws, startAws } from './aws.ts';
import { clockOffsetMs } from './clock.ts';
import { advanceClock } from './clock-file.ts';
import { startConscentSandbox } from './conscent-sandbox.ts';
import { claimDataFolder } from './data-folder.ts';
import { startGateway } from './gateway.ts';
import { useAws } from './own-aws.ts';
import { freePort } from './ports.ts';
import { createRunFolder } from './run-folder.ts';
import { readSecretsFile, servedSecrets } from './secrets-file.ts';
import { ROOT, type Settings } from './settings.ts';
import { StartError } from './start-error.ts';
import { type Sweeper, startSweeper } from './sweeper.ts';
import { vendorRoutes } from './vendors.ts';
import { startWakePump } from './wakes.ts';

const LOCAL_CLOCK = join(ROOT, 'infra/local/clock.ts');
/** `POST /_sandbox/clock` answers when what came due has been swept, unless that takes longer. */
const SWEEP_WAIT_MS = 2000;

type Environment = Readonly<Record<string, string | undefined>>;

export interface RunningStack {
  /** How far the clock was moved by a former run with the same `DATA_DIR`. */
  clockOffsetMs: number;
  /** Of the wake-ups. */
  queueUrl: string;
  /** Resolves when the gateway has ended although nobody stopped it. */
  gatewayEnded: Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts everything on loopback and resolves when `GET /health` answers. What it started before it failed ends with the process. */
export async function runStack(settings: Settings, env: Environment): Promise<RunningStack> {
  if (settings.dataDir) claim(settings.dataDir);
  const folder = createRunFolder();
  const clockFile = join(settings.dataDir ?? join(ROOT, folder), 'clock');
  const aws = await openAws(settings, env);
  let sweeper: Sweeper | undefined;
  const sandbox = await openSandbox(settings, env, async (seconds) => {
    advanceClock(clockFile, seconds);
    await Promise.race([sweeper?.sweepNow(), delay(SWEEP_WAIT_MS)]);
  });
  const handlers = handlerEnvironment(env, { aws, folder, clockFile, conscentUrl: sandbox.url });
  requireConfig(handlers);
  // Before the gateway listens: it would answer 200, with a stack trace, for a handler that is not there yet.
  await buildFunctions({ outDir: join(ROOT, folder), policyFile: settings.policyFile, clock: LOCAL_CLOCK });
  const gateway = startGateway({ port: settings.port, lambdaPort: await freePort(), env: handlers });
  await gateway.ready();
  sweeper = startSweeper(() => gateway.invoke('sweep', scheduledEvent()), settings.sweepIntervalSeconds);
  const reconcile = (event: SQSEvent, signal: AbortSignal) => gateway.invoke('reconcile', event, signal);
  const pump = startWakePump({ aws, concurrency: settings.maxConcurrency, reconcile });
  return {
    clockOffsetMs: clockOffsetMs(clockFile),
    queueUrl: aws.queueUrl,
    gatewayEnded: gateway.ended,
    stop: async () => {
      sweeper.stop();
      await Promise.all([pump.stop(), gateway.stop()]);
      await Promise.all([sandbox.close(), aws.close()]);
    },
  };
}

function claim(dataDir: string): void {
  try {
    claimDataFolder(dataDir);
  } catch (error) {
    throw new StartError(`DATA_DIR: ${error instanceof Error ? error.message : dataDir}`);
  }
}

async function openAws(settings: Settings, env: Environment): Promise<LocalAws> {
  try {
    if (env['AWS_ENDPOINT_URL']) return await useAws(env);
    return await startAws({ secrets: () => servedSecrets(settings), dataDir: settings.dataDir, env });
  } catch (error) {
    // Such as a name that DynamoDB does not take; its own words name the member and no secret.
    throw new StartError(
      `The tables and the queue cannot be made (JOBS_TABLE, PEOPLE_TABLE, QUEUE_URL): ${firstLine(error)}`,
    );
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/** The credentials are read at each request, as the handlers' secret is, so that their rotation can be tried. */
function openSandbox(
  { secretsFile, sandboxPort, dataDir }: Settings,
  env: Environment,
  onClock: (seconds: number) => Promise<void>,
) {
  return startConscentSandbox({
    host: '127.0.0.1',
    port: sandboxPort,
    credentials: {
      get apiKey() {
        return readSecretsFile(secretsFile).conscent.apiKey;
      },
      get apiSecret() {
        return readSecretsFile(secretsFile).conscent.apiSecret;
      },
    },
    onClock,
    extraRoutes: vendorRoutes(),
    accountsFile: dataDir && join(dataDir, 'conscent.json'),
    apiDisabled: Boolean(env['CONSCENT_BASE_URL']),
  });
}

/** What the handlers would refuse at their cold start is refused here, before anything is built for them. */
function requireConfig(handlers: NodeJS.ProcessEnv): void {
  try {
    readConfig(handlers);
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

interface HandlerSettings {
  aws: LocalAws;
  folder: string;
  clockFile: string;
  conscentUrl: string;
}

/** Whatever the user has set wins, except for AWS: its profiles and credentials have no business with the embedded services. */
function handlerEnvironment(
  env: Environment,
  { aws, folder, clockFile, conscentUrl }: HandlerSettings,
): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(env).filter(([name, value]) => value && !name.startsWith('AWS_')));
  return {
    CONSCENT_BASE_URL: conscentUrl,
    ...own,
    ...aws.environment,
    LOCAL_BUILD_DIR: folder,
    LOCAL_CLOCK_FILE: clockFile,
  };
}

/** What EventBridge sends every minute. */
function scheduledEvent(): Omit<ScheduledEvent, 'detail'> & { detail: object } {
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '000000000000',
    time: new Date().toISOString(),
    region: 'local',
    resources: [],
    detail: {},
  };
}
