/** What the ledger and the queue say of a load run, asked past the handlers. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Services } from './services.ts';

/** A job, as far as it matters here. */
interface JobRow {
  jobId: string;
  status: string;
  outcome?: string;
}

/** Looks into the ledger and the queue. */
export interface Ledger {
  /** How many messages the queue holds, visible or not. */
  queued(): Promise<number>;
  jobs(): Promise<JobRow[]>;
  close(): void;
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Opens the ledger of a run, whose environment has been set. */
export function openLedger({ environment }: Services): Ledger {
  const queue = new SQSClient();
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
  return {
    queued: async () => {
      const QueueUrl = environment['QUEUE_URL'];
      const { Attributes = {} } = await queue.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
      );
      return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    },
    jobs: () => scan(documents, environment['JOBS_TABLE'] ?? ''),
    close: () => {
      queue.destroy();
      documents.destroy();
    },
  };
}

async function scan(documents: DynamoDBDocumentClient, TableName: string): Promise<JobRow[]> {
  const rows: JobRow[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const ProjectionExpression = 'jobId, #status, outcome';
    const names = { ExpressionAttributeNames: { '#status': 'status' } };
    const page = await documents.send(
      new ScanCommand({ TableName, ProjectionExpression, ...names, ...(from && { ExclusiveStartKey: from }) }),
    );
    rows.push(...((page.Items ?? []) as JobRow[]));
    from = page.LastEvaluatedKey;
  } while (from);
  return rows;
}
