import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { acceptUnreadable, type Receipt } from '../../shared/intake/accept.ts';
import { memoryWorld } from '../fakes/world.ts';

const AT = '2026-06-15T06:00:00.000Z';
const BODY = Buffer.from('{"canary": "kari@hamn.example"}');
const RECEIPT: Receipt = {
  source: 'standard-webhooks',
  authority: ['employment', 'attributes'],
  deliveryId: 'dlv-1',
  seed: 'standard-webhooks\ndlv-1',
  requestHash: null,
  receivedAt: AT,
  bodyHash: createHash('sha256').update(BODY).digest('hex'),
};

describe('a signed body that cannot be read', () => {
  it('is a job that needs attention, with the hash, where it is wrong, and nothing of the body', async () => {
    const world = memoryWorld({ now: AT });
    const { job } = await acceptUnreadable(world, RECEIPT, ['/canary-less', '']);
    expect(job).toMatchObject({
      status: 'needs-attention',
      type: null,
      email: null,
      event: null,
      error: { code: 'unreadable' },
    });
    expect(job.history).toHaveLength(1);
    expect(job.history[0]?.detail).toContain(createHash('sha256').update(BODY).digest('hex'));
    expect(job.history[0]?.detail).toContain('/canary-less');
    expect(JSON.stringify(world.allJobs())).not.toContain('kari@');
  });

  it('is alarmed once, however often it comes', async () => {
    const world = memoryWorld({ now: AT });
    const { job } = await acceptUnreadable(world, RECEIPT, ['']);
    expect(await acceptUnreadable(world, RECEIPT, [''])).toMatchObject({ isDuplicate: true });
    expect(world.alarms).toEqual([{ code: 'unreadable', fields: { jobId: job.jobId, source: 'standard-webhooks' } }]);
  });

  it('fits into the ledger however much of it is wrong', async () => {
    const pointers = Array.from({ length: 20_000 }, (_, index) => `/person/attributes/${index}`);
    const { job } = await acceptUnreadable(memoryWorld({ now: AT }), RECEIPT, pointers);
    expect(JSON.stringify(job).length).toBeLessThan(64 * 1024);
  });

  it('is nobody’s to work on', async () => {
    const world = memoryWorld({ now: AT });
    await acceptUnreadable(world, RECEIPT, ['']);
    expect(world.messages).toEqual([]);
    expect(await world.jobs.due(AT, 10)).toEqual([]);
  });
});
