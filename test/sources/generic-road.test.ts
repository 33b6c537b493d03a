/** The source of docs/sources/generic.md, from its signed deliveries to the dashboard. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generic } from '../../shared/sources/generic.ts';
import { hmacHex, KEY } from './generic-stage.ts';
import { DAY, roadOf, wire } from './stage.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/sources/generic.md'), 'utf8');
/** The blocks of JSON on the page: its configuration, and a body that fits. */
const [CONFIGURED = '', BODY = ''] = [...PAGE.matchAll(/```json\n(.*?)```/gs)].map(([, block]) => block);
const NEWSROOM = ['paywallBuilder', 'journey'];
const TREASURY = ['payments', 'billing'];

const SETTINGS = (JSON.parse(CONFIGURED) as { generic: { intranet: { words: object; hmac: object } } }).generic
  .intranet;

function road() {
  const hmac = { ...SETTINGS.hmac, signingSecrets: [KEY] };
  const settings = { ...SETTINGS, hmac };
  const made = roadOf((context) => {
    const make = () => generic('generic/intranet', settings, context);
    // Sources are made anew for every delivery, of the settings as they are then.
    return { ...make(), read: (delivery) => make().read(delivery) };
  });
  const learn = (words: object) => {
    settings.words = { ...settings.words, ...words };
  };
  let sent = 0;
  const tell = (...changes: object[]) => {
    sent += 1;
    const body = wire({ id: `chg-${sent}`, sentAt: made.world.clock.now(), changes });
    return made.deliver({ headers: { 'x-hub-signature-256': `sha256=${hmacHex(body.toString())}` }, body });
  };
  return { ...made, tell, learn };
}

const staff = (number: number, unit?: string) => ({ number, mail: `p${number}@press.example`, unit });

describe('the source of the page', () => {
  it('brings joiners, movers and leavers to the dashboard, each item a job of its own', async () => {
    const { tell, access } = road();
    const joined = await tell(
      { what: 'hired', staff: staff(1, 'Newsroom') },
      { what: 'birthday', staff: staff(1) },
      { what: 'hired', staff: staff(2, 'Treasury') },
    );
    expect(joined).toMatchObject([{ outcome: 'created' }, { outcome: 'created' }]);
    expect(access()).toEqual([NEWSROOM, TREASURY]);
    expect(await tell({ what: 'moved', staff: { number: 1, unit: 'Treasury' } })).toMatchObject([
      { outcome: 'updated' },
    ]);
    expect(access()).toEqual([TREASURY, TREASURY]);
    expect(await tell({ what: 'left', staff: { number: 2 } })).toMatchObject([{ outcome: 'revoked' }]);
    expect(access()).toEqual([TREASURY, []]);
  });

  it('ends access at the end of a last day, in its time zone', async () => {
    const { tell, access, world } = road();
    await tell({ what: 'hired', staff: staff(1, 'Newsroom') });
    const left = await tell({ what: 'left', staff: { number: 1 }, day: '2026-03-10' });
    expect(left).toMatchObject([{ status: 'scheduled', effectiveAt: '2026-03-10T18:30:00.000Z' }]);
    expect(access()).toEqual([NEWSROOM]);
    await world.runFor(9 * DAY);
    expect(access()).toEqual([[]]);
  });

  it('reads the body that the page shows', async () => {
    const { deliver } = road();
    const headers = { 'x-hub-signature-256': `sha256=${hmacHex(BODY)}` };
    const jobs = await deliver({ headers, body: wire(BODY) });
    expect(jobs).toMatchObject([{ deliveryId: 'chg-20817', type: 'onboard' }, { type: 'offboard' }]);
  });

  it('changes nothing when a delivery comes again, and keeps nothing that is not mapped', async () => {
    const { deliver, world, kept } = road();
    const sentAt = world.clock.now();
    const change = { what: 'hired', staff: { ...staff(1, 'Newsroom'), home: 'canary-home' }, note: 'canary-note' };
    const body = wire({ id: 'chg-1', sentAt, changes: [change] });
    const sent = { headers: { 'x-hub-signature-256': `sha256=${hmacHex(body.toString())}` }, body };
    const [first] = await deliver(sent);
    const [again] = await deliver(sent);
    expect(again).toEqual(first);
    expect(kept()).not.toContain('canary');
  });

  it('knows a delivery by its id, whatever it says when it comes again', async () => {
    const { deliver, world, access } = road();
    const send = (what: string) => {
      const change = { what, staff: staff(1, 'Newsroom') };
      const body = wire({ id: 'chg-1', sentAt: world.clock.now(), changes: [change] });
      return deliver({ headers: { 'x-hub-signature-256': `sha256=${hmacHex(body.toString())}` }, body });
    };
    const [hired] = await send('hired');
    expect(await send('left')).toEqual([hired]);
    expect([access(), world.allJobs().length]).toEqual([[NEWSROOM], 1]);
  });

  it('that learns a word hears it in a delivery that comes again, and the other items are the jobs that they were', async () => {
    const { deliver, world, learn, access } = road();
    const changes = [
      { what: 'quit', staff: staff(1) },
      { what: 'hired', staff: staff(2, 'Treasury') },
    ];
    const body = wire({ id: 'chg-1', sentAt: world.clock.now(), changes });
    const sent = { headers: { 'x-hub-signature-256': `sha256=${hmacHex(body.toString())}` }, body };
    const [hired, ...none] = await deliver(sent);
    expect(none).toEqual([]);
    learn({ quit: 'offboard' });
    expect(await deliver(sent)).toMatchObject([{ type: 'offboard' }, { type: 'onboard', jobId: hired?.jobId }]);
    expect(access()).toEqual([TREASURY]);
  });
});
