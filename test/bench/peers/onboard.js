/**
 * What a wake-up asks for, of somebody who joins: their account at Conscent, and the ledger's word of it. The rows in the end are those of ours;
 * each write is conditional, and the claim is written before the call.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { PERMISSIONS } from '../../../shared/lifecycle/permission.ts';
import { documents } from './clients.js';
import { readSecret } from './read-secret.js';

const { JOBS_TABLE, PEOPLE_TABLE, CONSCENT_SECRET_ID } = process.env;
/** What access-policy.yml gives. */
const FINANCE = { role: 'ADMIN', permissions: ['payments', 'taxation', 'billing', 'subscriptionPlan', 'export'] };

/** @param create makes the account at Conscent and answers its id. */
export async function onboard(jobId, create) {
  const job = await read(JOBS_TABLE, { jobId });
  const { email, externalId, department } = job.event.person;
  const personId = randomUUID();
  const pointers = [`email#${email}`, `external#${job.source}#${externalId}`];
  const pointed = await Promise.all(pointers.map((id) => read(PEOPLE_TABLE, { id })));
  if (pointed.some(Boolean)) throw new Error('Somebody is there already');
  for (const id of pointers) await write(PEOPLE_TABLE, { id, personId }, 'attribute_not_exists(id)');
  if (await read(PEOPLE_TABLE, { id: 'control#pause' })) throw new Error('Writes are paused');
  const until = new Date(Date.now() + 75_000).toISOString();
  const person = { id: personId, email, facts: [{ id: jobId, ...job.event }], claim: { id: randomUUID(), until } };
  await savePerson(person, 1, { wakeShard: 'other-0', wakeAt: until });
  const access = department === 'Finance' ? FINANCE : null;
  const userId = await create(accountOf(email, access), await readSecret(CONSCENT_SECRET_ID));
  await write(PEOPLE_TABLE, { id: `user#${userId}`, personId }, 'attribute_not_exists(id)');
  const account = { state: 'linked', userId, email, access };
  await savePerson({ ...person, claim: null, account }, 2, { standing: 'active-0' });
  await finish(job, { personId, userId });
}

function accountOf(email, { role, permissions }) {
  const flags = Object.fromEntries(PERMISSIONS.map((name) => [name, permissions.includes(name)]));
  return { email, password: `${randomBytes(15).toString('base64url')}aA1!`, role, permissions: flags };
}

function savePerson(person, version, index) {
  const item = { id: `person#${person.id}`, version, person, ...index };
  const condition = version === 1 ? 'attribute_not_exists(id)' : 'version = :before';
  return write(PEOPLE_TABLE, item, condition, version === 1 ? undefined : { ':before': version - 1 });
}

function finish({ wakeShard, wakeAt, ...job }, { personId, userId }) {
  const at = new Date().toISOString();
  const entry = { at, status: 'succeeded', detail: 'Conscent created the account' };
  const told = { status: 'succeeded', outcome: 'created', attempts: 1, finishedAt: at, personId, userId };
  const item = { ...job, ...told, version: job.version + 1, history: [...job.history, entry] };
  return write(JOBS_TABLE, item, 'version = :before', { ':before': job.version });
}

async function read(TableName, Key) {
  const { Item } = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  return Item;
}

function write(TableName, Item, ConditionExpression, ExpressionAttributeValues) {
  return documents.send(new PutCommand({ TableName, Item, ConditionExpression, ExpressionAttributeValues }));
}
