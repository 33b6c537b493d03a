/** Wake-ups on SQS. Ids only; at-least-once and unordered is enough, because the ledger is the truth. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** @param url the queue's. A delay is at most 900 seconds, which is SQS's limit. */
export function sqsQueue(client: SQSClient, url: string) {
  return {
    send: async (wakeUp: object, delaySeconds = 0): Promise<void> => {
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: JSON.stringify(wakeUp),
          DelaySeconds: Math.ceil(delaySeconds),
        }),
      );
    },
  };
}
