/** The ledger as it is, read past the gate: for the verdict and for whoever looks things up in a dashboard. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Job } from '../../shared/lifecycle/job.ts';
import type { Person } from '../../shared/lifecycle/person.ts';
import type { Machine } from './machine.ts';

/** Everything that is stored. */
export interface Books {
  jobs: Map<string, Job>;
  people: Person[];
  /** Whom an address points at. */
  personOf(email: string): Person | undefined;
}

/** Reads the tables from end to end. */
export async function readBooks({ aws }: Machine): Promise<Books> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(aws.client));
  const [jobs, items] = await Promise.all([scan(documents, aws.tables.jobs), scan(documents, aws.tables.people)]);
  documents.destroy();
  const people = new Map(items.flatMap(({ person }) => (person ? [[(person as Person).id, person as Person]] : [])));
  const pointers = new Map(items.map(({ id, personId }) => [String(id), String(personId)]));
  const follow = (id: string): Person | undefined => {
    const person = people.get(id);
    return person?.mergedInto ? follow(person.mergedInto) : person;
  };
  return {
    jobs: new Map(jobs.map((job) => [String(job['jobId']), job as unknown as Job])),
    people: [...people.values()],
    personOf: (email) => follow(pointers.get(`email#${email}`) ?? ''),
  };
}

async function scan(
  documents: DynamoDBDocumentClient,
  TableName: string,
  from?: object,
): Promise<Record<string, unknown>[]> {
  const page = { TableName, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) };
  const { Items = [], LastEvaluatedKey } = await documents.send(new ScanCommand(page));
  return LastEvaluatedKey ? [...Items, ...(await scan(documents, TableName, LastEvaluatedKey))] : Items;
}
