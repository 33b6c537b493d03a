/** `AWS_ENDPOINT_URL` set by the user: their AWS-compatible services instead of the embedded ones. */
import { environmentFor, type LocalAws, localNames } from './aws.ts';
import { createResources } from './resources.ts';
import { StartError } from './start-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Uses the endpoint, with the user's credentials if there are any. Tables and queues that are missing are created; secrets are not.
 * @throws StartError if the endpoint does not serve DynamoDB and SQS.
 */
export async function useAws(env: Environment): Promise<LocalAws> {
  const names = localNames(env, env['AWS_ENDPOINT_URL'] ?? '');
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('AWS_')));
  const environment = { ...environmentFor(names, env), ...own };
  const client = {
    endpoint: names.endpoint,
    region: environment.AWS_REGION,
    credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY },
  };
  try {
    await createResources(client, names);
  } catch (error) {
    throw new StartError(
      `AWS_ENDPOINT_URL: ${names.endpoint} cannot be used (${error instanceof Error ? error.name : 'unknown'})`,
    );
  }
  return { ...names, client, environment, close: () => Promise.resolve() };
}
