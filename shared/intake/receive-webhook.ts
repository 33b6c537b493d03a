/** `POST /webhooks/{source}`: verify the raw bytes, then read, then record. Nothing is provisioned within the request. */
import { Problem } from '../lifecycle/errors.ts';
import type { World } from '../lifecycle/ports.ts';
import type { Delivery, Reading, Source } from '../sources/source.ts';
import { type Accepted, accept, acceptUnreadable, hash, type Receipt } from './accept.ts';

/** What is written one after the other within the gateway's 30 seconds; no sender's batch has room for as many in 256 KB. */
const MAX_NOTICES = 2_500;

/**
 * Receives one delivery of a source; a ping or handshake says nothing, and so becomes no job.
 * @throws Problem `invalid-signature` or `unsupported-media-type`, with nothing stored; `invalid-request` for a body that cannot be read, which has been recorded then.
 */
export async function receiveWebhook(world: World, source: Source, delivery: Delivery): Promise<Accepted[]> {
  if (await source.greets?.(delivery)) return [];
  if (!source.verify(delivery)) {
    world.monitor.info('Delivery refused', { source: source.name, reason: 'its signature or credential' });
    throw notTheSource();
  }
  requireMediaType(source, delivery);
  const noted = noteHeard(world, source, delivery);
  try {
    return await record(world, source, delivery);
  } finally {
    // What is left over when the answer goes out is frozen with the function.
    await noted;
  }
}

/** That a source is alive is no part of what it says: lost, it is noted with the next delivery. */
async function noteHeard({ heard, monitor }: World, { name }: Source, { receivedAt }: Delivery): Promise<void> {
  await heard.note(name, receivedAt).catch(() => monitor.count('source.unnoted'));
}

async function record(world: World, source: Source, delivery: Delivery): Promise<Accepted[]> {
  const reading = bounded(source.read(delivery));
  const receipt: Receipt = {
    source: source.name,
    authority: source.authority,
    deliveryId: reading.deliveryId,
    seed: `${source.name}\n${reading.deliveryId}`,
    // A sender that repeats a delivery may write its body anew; the delivery's id is what counts.
    requestHash: null,
    receivedAt: delivery.receivedAt,
    bodyHash: hash(delivery.body),
    wantsReply: source.reply !== undefined,
  };
  if (reading.kind === 'notices') return accept(world, reading.notices, receipt);
  const pointers = reading.violations.map(({ pointer }) => pointer);
  const recorded = await acceptUnreadable(world, receipt, pointers);
  if (source.unreadableStatus === 202) return [recorded];
  throw new Problem(
    'invalid-request',
    'The delivery was recorded but cannot be read. Correct the members listed in errors.',
    {
      violations: reading.violations,
    },
  );
}

/** More than can be recorded in time would time out, and so again whenever it is repeated: it is for a person, and recorded as one job. */
function bounded(reading: Reading): Reading {
  if (reading.kind !== 'notices' || reading.notices.length <= MAX_NOTICES) return reading;
  const violations = [{ pointer: '', detail: `must not say more than ${MAX_NOTICES} things` }];
  return { kind: 'unreadable', violations, deliveryId: reading.deliveryId };
}

/** What anybody is told who is not the source. */
export function notTheSource(): Problem {
  return new Problem('invalid-signature', 'The signature, its timestamp or its headers are missing or wrong.', {
    // RFC 9110 §11.6.1 wants a challenge; no registered scheme says "sign it".
    headers: { 'www-authenticate': 'Signature' },
  });
}

function requireMediaType({ mediaTypes }: Source, { headers }: Delivery): void {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (mediaTypes && !mediaTypes.includes(type))
    throw new Problem('unsupported-media-type', `Send ${mediaTypes.join(' or ')}.`);
}
