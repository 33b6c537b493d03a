import { type Environment, isLoopback, readOptions, UsageError } from './command-line.ts';

/** What is asked for on the command line. */
export interface RedriveSettings {
  queueUrl: string;
  dryRun: boolean;
  /** What an SDK client needs beyond its own environment. */
  client: object;
}

/** What may be written on the command line, for people. */
export const USAGE = `npm run redrive -- [--queue-url https://…] [--dry-run]

Brings the messages on the dead-letter queue back to the queue of wake-ups, for the workers to try them again. First mend what they died of.

  --queue-url   the queue of wake-ups; else QUEUE_URL. What its dead-letter queue is, it knows itself
  --dry-run     say how many there are, and bring nothing back

Credentials, region and endpoint (AWS_ENDPOINT_URL) are those of the AWS SDK; a queue on this machine (\`npm start\` prints its address) needs none.
`;

const boolean = { type: 'boolean' } as const;
const OPTIONS = { 'queue-url': { type: 'string' }, 'dry-run': boolean, help: boolean } as const;

/** Reads the command line; `null` where only help is asked for. Throws {@link UsageError}. */
export function readRedriveSettings(argv: readonly string[], env: Environment): RedriveSettings | null {
  const values = readOptions(argv, OPTIONS);
  if (values.help) return null;
  const queueUrl = values['queue-url'] ?? env['QUEUE_URL'] ?? '';
  if (!URL.canParse(queueUrl)) throw new UsageError('Set QUEUE_URL, or --queue-url, to the URL of the queue.');
  return { queueUrl, dryRun: values['dry-run'] === true, client: clientFor(new URL(queueUrl), env) };
}

/** A queue says where it is: in AWS its region, on this machine the endpoint, where no credentials count. */
function clientFor({ hostname, origin }: URL, env: Environment): object {
  const region = /^sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(hostname)?.[1] ?? env['AWS_REGION'] ?? 'ap-south-1';
  const isLocal = isLoopback(hostname) && !env['AWS_ENDPOINT_URL'];
  if (!isLocal) return { region };
  return { region, endpoint: origin, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}
