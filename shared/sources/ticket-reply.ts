/** How a ticket is told: its settings, and in which order it is set to a status and written to. */
import * as z from 'zod/mini';
import type { ReplyAnswer, ReplyMessage } from '../lifecycle/reply.ts';

const word = z.optional(z.string().check(z.minLength(1, 'must not be empty')));

/** What a ticket is set to, besides being told, by how its job stands. */
export const byStatus = z.strictObject({ succeeded: word, ignored: word, cancelled: word, 'needs-attention': word });

/** Nobody is told without an API. */
export const isToldByApi = z.refine<{ reply?: unknown; api?: unknown }>(
  ({ reply, api }) => reply === undefined || api !== undefined,
  { path: ['api'], message: 'must say how tickets are told' },
);

/** What is written where the status was refused. Where telling failed before, it may be refused because it was set then. */
export function withoutStatus({ text, isRepeated }: ReplyMessage): string {
  return isRepeated ? text : `${text} (Its status could not be changed from here.)`;
}

/**
 * Tells a ticket in two calls. The status first: set twice it is the same, or refused, while a text that is repeated is written twice. A status
 * that is refused does not keep the text from being written.
 */
export async function tellInTurn(
  message: ReplyMessage,
  setStatus: (() => Promise<ReplyAnswer>) | undefined,
  write: (text: string) => Promise<ReplyAnswer>,
): Promise<ReplyAnswer> {
  const set: ReplyAnswer = setStatus ? await setStatus() : { kind: 'told' };
  if (set.kind === 'failed') return set;
  return write(set.kind === 'refused' ? withoutStatus(message) : message.text);
}
