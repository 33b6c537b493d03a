import { expect, it, vi } from 'vitest';
import { as, problemOf, SOUND, useHandler } from './stack.ts';

const SECRET = 'a-token-that-nobody-may-read';
const { send } = useHandler(() => import('../../functions/jobs.ts'), { tokens: [{ name: 'desk', token: SECRET }] });

it('a tokens secret of another form is alarmed as what it is, and callers are told to come back', async () => {
  const lines: string[] = [];
  const writes = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0),
  );
  const answer = await send({ route: 'GET /jobs', query: { status: 'held' }, headers: as('auditor') });
  for (const write of writes) write.mockRestore();
  expect(answer.status).toBe(503);
  expect(problemOf(answer)).toEqual(SOUND);
  const said = lines.join('');
  expect(said).toContain('"alarm.secret-unreadable":1');
  expect(said).toMatch(/"reason":"[^"]*tokens[^"]*"/);
  expect(said).not.toContain(SECRET);
});
