/**
 * The floor: the same clients make the calls that ours made, one after the other, and nothing else. The calls are what the wire noted of ours;
 * the bundler puts them here.
 */
import { request } from 'node:http';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { documents, queue, secrets } from './clients.js';

const SEND = {
  'DynamoDB.GetItem': ({ input }) => documents.send(new GetCommand(input)),
  'DynamoDB.PutItem': ({ input }) => documents.send(new PutCommand(input)),
  'SQS.SendMessage': ({ input }) => queue.send(new SendMessageCommand(input)),
  'SecretsManager.GetSecretValue': ({ input }) => secrets.send(new GetSecretValueCommand(input)),
  'Conscent.POST': post,
};

export async function handler() {
  for (const call of __CALLS__) await SEND[call.operation](call);
  return __ANSWER__;
}

function post({ path, input, authorization }) {
  const url = new URL(path, process.env.CONSCENT_BASE_URL);
  const headers = { authorization, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve(JSON.parse(text)));
    });
    sent.on('error', reject).end(JSON.stringify(input));
  });
}
