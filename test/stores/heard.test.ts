import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { Conflict } from '../../shared/lifecycle/ports.ts';
import { heardStore } from '../../shared/stores/heard.ts';
import { rawServer } from '../conscent/raw-server.ts';
import { useLedger } from './ledger.ts';

const ledger = useLedger();
const AT = '2026-05-05T05:05:05.000Z';
const LATER = '2026-05-05T05:35:05.000Z';
const MUCH_LATER = '2026-05-05T06:05:05.000Z';

async function store() {
  const { documents, tables } = await ledger();
  return { open: () => heardStore(documents, tables.people) };
}

describe('a source', () => {
  it('that was never heard is not known', async () => {
    const { open } = await store();
    expect(await open().get('kiosk')).toBeNull();
  });

  it('is noted once an hour by each instance', async () => {
    const { open } = await store();
    const heard = open();
    await heard.note('kiosk', AT);
    await heard.note('kiosk', LATER);
    expect(await heard.get('kiosk')).toEqual({ at: AT, saidAt: null });
    await heard.note('kiosk', MUCH_LATER);
    expect(await open().get('kiosk')).toEqual({ at: MUCH_LATER, saidAt: null });
  });

  it('that is heard again is silent no more, whatever was said of its silence', async () => {
    const { open } = await store();
    await open().set('kiosk', { at: AT, saidAt: LATER }, null);
    expect(await open().get('kiosk')).toEqual({ at: AT, saidAt: LATER });
    await open().note('kiosk', MUCH_LATER);
    expect(await open().get('kiosk')).toEqual({ at: MUCH_LATER, saidAt: null });
  });

  it('that is heard while its silence is noted is a conflict', async () => {
    const { open } = await store();
    await open().note('kiosk', LATER);
    const said = open().set('kiosk', { at: AT, saidAt: LATER }, { at: AT, saidAt: null });
    await expect(said).rejects.toThrow(Conflict);
    await expect(open().set('kiosk', { at: AT, saidAt: null }, null)).rejects.toThrow(Conflict);
  });
});

describe('a table that does not answer', () => {
  it('is not waited for: a delivery’s answer would wait behind the note', { timeout: 3_000 }, async () => {
    const { host } = await rawServer(() => {});
    const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
    // As patient as the functions' client (shared/wiring.ts): three times four seconds.
    const requestHandler = { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true };
    const client = new DynamoDBClient({ endpoint: `http://${host}`, region: 'none', credentials, requestHandler });
    const heard = heardStore(DynamoDBDocumentClient.from(client), 'people');
    await expect(heard.note('kiosk', AT)).rejects.toThrow();
    client.destroy();
  });
});
