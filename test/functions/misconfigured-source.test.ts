import { describe, expect, it, vi } from 'vitest';
import { problemOf, SOUND, useHandler } from './stack.ts';

const SECRET = 'a-value-that-nobody-may-read';
const { send } = useHandler(() => import('../../functions/webhooks.ts'), {
  sources: { personio: { token: SECRET, silentAfterDays: 'a week' } },
});

describe('a source whose settings are not usable', () => {
  it('is alarmed with its name and what is wrong, to the log alone, and its deliveries are repeated', async () => {
    const lines: string[] = [];
    const writes = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0),
    );
    const answer = await send({
      route: 'POST /webhooks/{source}',
      params: { source: 'personio' },
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    for (const write of writes) write.mockRestore();
    expect(answer.status).toBe(503);
    expect(problemOf(answer)).toEqual(SOUND);
    expect(answer.text).not.toContain('silentAfterDays');
    const said = lines.join('');
    expect(said).toContain('"alarm.source-misconfigured":1');
    expect(said).toMatch(/"source":"personio".*silentAfterDays|silentAfterDays.*"source":"personio"/);
    expect(said).not.toContain(SECRET);
  });
});
