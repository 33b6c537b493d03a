import { FUNCTIONS } from '../contract.ts';
import type { Measured, OwnCalls } from '../own-calls.ts';
import type { Call } from '../wire/wire.ts';
import { table } from './table.ts';

const WHY =
  'Fewer would break a rule. Read are what the job says, whose each key is, and whether anybody may call now. Written are: each key, so that two events never make two people; the fact, so that it counts whatever comes next; the claim with its intent, so that there is no call that the ledger does not know of; the userId, so that no account is of two people; the answer, before anybody is told; the job; and the person without it, for until then it is told again. Fact and claim could be one write for whom the call may be made at once; everybody else (a later date, a pause, the guard) needs both.';

/** The section on calls. */
export function callsSection(calls: Record<Measured, OwnCalls>): string {
  const operations = [
    ...new Set(FUNCTIONS.flatMap((name) => calls[name].warm.calls.map(({ operation }) => operation))),
  ];
  const rows = operations.map((operation) => [
    operation,
    ...FUNCTIONS.map((name) => String(calls[name].warm.calls.filter((call) => call.operation === operation).length)),
  ]);
  const sums = FUNCTIONS.map((name) => String(calls[name].warm.calls.length));
  return [
    '## Calls an event',
    '',
    'What a warm function calls for one person who joins, counted at the wire. A secret is read once in five minutes besides. Accepting is one write and one message: without the write an event could be lost, without the message it would wait for the sweep.',
    '',
    table(['', ...FUNCTIONS.map((name) => `\`${name}\``)], [...rows, ['together', ...sums]]),
    '',
    listOf(calls.reconcile.warm.calls),
    '',
    WHY,
  ].join('\n');
}

/** `reconcile`'s in their order, with what each is about. */
function listOf(calls: readonly Call[]): string {
  const lines = calls.map(({ operation, input }, index) => `${index + 1}. ${operation} ${about(input)}`.trim());
  return `\`reconcile\`, in order:\n\n${lines.join('\n')}`;
}

function about({ TableName, Key, Item }: Call['input']): string {
  if (typeof TableName !== 'string') return '';
  const { id } = (Key ?? Item ?? {}) as { id?: { S: string } };
  return `${TableName}${id ? ` ${id.S.replace(/[^#]+$/, '…')}` : ''}`;
}
