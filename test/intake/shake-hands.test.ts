import { describe, expect, it } from 'vitest';
import { shakeHands } from '../../shared/intake/shake-hands.ts';
import type { Delivery, Source } from '../../shared/sources/source.ts';

const ASKED = { headers: { 'x-kiosk-challenge': '41' }, receivedAt: '2026-11-11T11:11:11.000Z' };

function source(more: Partial<Source> = {}): Source {
  return {
    name: 'kiosk',
    authority: [],
    unreadableStatus: 202,
    acceptedStatus: 200,
    verify: () => true,
    read: () => {
      throw new Error('A handshake was read as a delivery');
    },
    handshake: ({ 'x-kiosk-challenge': challenge }) => (challenge ? { echo: challenge } : null),
    ...more,
  };
}

describe('a handshake', () => {
  it('is answered as the source wants it', () => {
    expect(shakeHands(source(), ASKED)).toEqual({ echo: '41' });
  });

  it('is verified as a delivery without a body, when it came', () => {
    const seen: Delivery[] = [];
    const verify = (delivery: Delivery) => {
      seen.push(delivery);
      return true;
    };
    shakeHands(source({ verify }), ASKED);
    expect(seen).toEqual([{ ...ASKED, body: new Uint8Array() }]);
  });

  it('of a stranger is refused before anything is made of the challenge', () => {
    const handshake = () => {
      throw new Error('The challenge was looked at first');
    };
    const asking = () => shakeHands(source({ verify: () => false, handshake }), ASKED);
    expect(asking).toThrow(expect.objectContaining({ code: 'invalid-signature', status: 401 }));
  });

  it('without a challenge is refused', () => {
    const asking = () => shakeHands(source(), { ...ASKED, headers: {} });
    expect(asking).toThrow(expect.objectContaining({ code: 'invalid-request', status: 400 }));
  });

  it('is none of a source that has none, whoever asks: it sends by POST', () => {
    const { handshake: _, ...silent } = source({ verify: () => false });
    expect(() => shakeHands(silent, ASKED)).toThrow(
      expect.objectContaining({ code: 'method-not-allowed', headers: { allow: 'POST' } }),
    );
  });
});
