/** The little of AWS Secrets Manager that the handlers need: `GetSecretValue` over AWS JSON 1.1. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Secrets } from './secrets-file.ts';

/** Which secret id (or name) stands for which member of the secrets file. */
export type SecretIds = Readonly<Record<'conscent' | 'sources' | 'tokens', string>>;

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/**
 * Answers `GetSecretValue` for three ids.
 * @param read is called for each request, so that a changed value is served at once.
 */
export function secretsManager(ids: SecretIds, read: () => Secrets) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const target = String(request.headers['x-amz-target']);
    text(request)
      .then((body) => send(response, answer(body, target, { ids, read })))
      .catch(() => response.destroy());
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}

function answer(body: string, target: string, { ids, read }: { ids: SecretIds; read: () => Secrets }): Answer {
  if (target !== 'secretsmanager.GetSecretValue')
    return refusal('InvalidRequestException', 'Only GetSecretValue is served here');
  const id = secretIdOf(body);
  const member = (['conscent', 'sources', 'tokens'] as const).find((one) => ids[one] === id);
  if (!member) return refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  try {
    return { status: 200, body: secretValue(ids[member], JSON.stringify(read()[member])) };
  } catch {
    return { status: 500, body: { __type: 'InternalServiceError', Message: 'The secrets file cannot be read' } };
  }
}

function refusal(code: string, message: string): Answer {
  return { status: 400, body: { __type: code, Message: message } };
}

function secretIdOf(body: string): unknown {
  try {
    const request: unknown = JSON.parse(body);
    return typeof request === 'object' && request !== null && 'SecretId' in request ? request.SecretId : undefined;
  } catch {
    return undefined;
  }
}

function secretValue(name: string, value: string): Record<string, unknown> {
  return {
    ARN: `arn:aws:secretsmanager:local:000000000000:secret:${name}`,
    Name: name,
    SecretString: value,
    VersionId: createHash('sha256').update(value).digest('hex').slice(0, 36),
    VersionStages: ['AWSCURRENT'],
  };
}
