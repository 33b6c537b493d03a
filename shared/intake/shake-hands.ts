/** A handshake by GET: a sender asks whether it is we who listen, before it posts. */
import { Problem } from '../lifecycle/errors.ts';
import type { Delivery, Source } from '../sources/source.ts';
import { notTheSource } from './receive-webhook.ts';

/**
 * What the sender is to be answered. Only whoever holds the source's credential is: nothing is echoed to strangers.
 * @throws Problem `method-not-allowed` where the source has no handshake, `invalid-signature` for a stranger, `invalid-request` for no challenge.
 */
export function shakeHands(source: Source, { headers, receivedAt }: Omit<Delivery, 'body'>): object {
  if (!source.handshake) {
    throw new Problem('method-not-allowed', 'This source sends by POST.', { headers: { allow: 'POST' } });
  }
  if (!source.verify({ headers, body: new Uint8Array(), receivedAt })) throw notTheSource();
  const answer = source.handshake(headers);
  if (!answer) throw new Problem('invalid-request', 'The header with the challenge is missing, or not of its form.');
  return answer;
}
