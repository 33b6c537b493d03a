/** The table of grants: what each function may do, and to what. A role that grants anything else, or more, fails (roles.test.ts). */
import type { FunctionName } from './packaged.ts';

/** An action and what it may be done to; where only under a condition, that too. */
export type Grant = `${string} → ${string}`;

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
// AWS offers nothing narrower than every trace for these two.
const TRACES: Grant[] = ['xray:PutTraceSegments → *', 'xray:PutTelemetryRecords → *'];
const WAKE: Grant = 'sqs:SendMessage → WakeQueue';
const JOBS: Grant[] = ['dynamodb:GetItem → JobsTable', 'dynamodb:PutItem → JobsTable'];
const PEOPLE: Grant[] = ['dynamodb:GetItem → PeopleTable', 'dynamodb:PutItem → PeopleTable'];
const STANDING: Grant = 'dynamodb:Query → PeopleTable/index/standing';
const STATUSES: Grant = 'dynamodb:Query → JobsTable/index/byStatus';
const secret = (name: 'Conscent' | 'Sources' | 'Tokens'): Grant => `secretsmanager:GetSecretValue → ${name}Secret`;

/** What a function's own code calls. */
export const CALLS: Record<FunctionName, Grant[]> = {
  webhooks: [WAKE, ...JOBS, 'dynamodb:PutItem → PeopleTable where the key is like control#heard#*', secret('Sources')],
  events: [WAKE, ...JOBS, 'dynamodb:GetItem → PeopleTable', STANDING, secret('Tokens')],
  jobs: [WAKE, ...JOBS, ...PEOPLE, 'dynamodb:Query → JobsTable/index/byEmail', STATUSES, secret('Tokens')],
  people: [WAKE, ...PEOPLE, STANDING, secret('Tokens'), secret('Conscent')],
  guard: [WAKE, ...PEOPLE, STANDING, 'dynamodb:Query → PeopleTable/index/wake', secret('Tokens')],
  reconcile: [WAKE, ...JOBS, ...PEOPLE, STANDING, secret('Conscent'), secret('Sources')],
  sweep: [
    WAKE,
    ...JOBS,
    ...PEOPLE,
    STANDING,
    STATUSES,
    'dynamodb:Query → JobsTable/index/wake',
    'dynamodb:Query → PeopleTable/index/wake',
    'dynamodb:Query → PeopleTable/index/leaving',
    'dynamodb:Scan → PeopleTable',
    'dynamodb:UpdateItem → JobsTable',
    'dynamodb:UpdateItem → PeopleTable',
    secret('Conscent'),
    secret('Sources'),
  ],
  api: [],
};

/** What Lambda does in a function's name: its log, its traces, and taking messages off the queue. */
export function lambdaCalls(name: FunctionName, logGroup: string): Grant[] {
  const takes = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return [
    ...LOGS.map((action): Grant => `${action} → ${logGroup}`),
    ...TRACES,
    ...(name === 'reconcile' ? takes.map((action): Grant => `${action} → WakeQueue`) : []),
  ];
}
