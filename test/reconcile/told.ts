/** What the tests of look-ups share: a webhook that only names an employee, and what the HR system answers when it is asked. */
import { accept } from '../../shared/intake/accept.ts';
import type { EmployeeRecord, Lookup } from '../../shared/lifecycle/lookup.ts';
import type { Notice } from '../../shared/sources/source.ts';
import type { MemoryWorld } from '../fakes/world.ts';

export const DAY = 86_400;
/** The employee as the world knows their record. */
export const HR = 'hr-one 77';
export const EBBA = 'ebba@pub.example';
const RECORD: EmployeeRecord = {
  employeeId: '77',
  email: EBBA,
  start: '2026-03-01',
  end: null,
  attributes: { department: 'Newsroom', jobTitle: null },
};
export const record = (more: Partial<EmployeeRecord> = {}): Lookup => ({
  kind: 'record',
  record: { ...RECORD, ...more },
});

/** What a webhook says, and what the HR system answers when it is asked. */
export async function told(world: MemoryWorld, answer: Lookup, notice: Partial<Notice> = {}, seconds = 1) {
  world.records.set(HR, answer);
  const [accepted] = await accept(world, [{ kind: 'lookup', id: '77', ...notice } as Notice], {
    source: 'hr-one',
    authority: ['employment', 'attributes'],
    deliveryId: world.newId(),
    seed: world.newId(),
    requestHash: null,
    receivedAt: world.clock.now(),
  });
  await world.runFor(seconds);
  return () => world.allJobs().find(({ jobId }) => jobId === accepted?.job.jobId);
}

/** What each account may do. */
export const access = (world: MemoryWorld) => world.fake.users.map(({ permissions }) => permissions);
