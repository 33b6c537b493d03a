import { FUNCTIONS } from '../contract.ts';
import type { Profiles, Shares } from '../profile.ts';
import { table } from './table.ts';

const LEAST_MS = 0.5;

/** The section on where cold starts spend their time. */
export function profileSection(profiles: Profiles, times: number): string {
  return [
    '## Where a cold start goes',
    '',
    `CPU milliseconds of one cold start by V8’s sampling profiler, over ${times} each, by the package whose line was running; on bundles that are not minified, so a little more than above. What takes less than ${LEAST_MS} ms in both is left out.`,
    '',
    ...FUNCTIONS.map((name) => profileTable(name, profiles[name])),
  ].join('\n');
}

function profileTable(name: string, { ours, floor }: { ours: Shares; floor: Shares }): string {
  const more = (owner: string) => (ours.get(owner) ?? 0) - (floor.get(owner) ?? 0);
  const owners = [...new Set([...ours.keys(), ...floor.keys()])]
    .filter((owner) => Math.max(ours.get(owner) ?? 0, floor.get(owner) ?? 0) >= LEAST_MS)
    .sort((a, b) => more(b) - more(a));
  const cells = (shares: Shares, owner: string) => (shares.get(owner) ?? 0).toFixed(1);
  const sum = (shares: Shares) => [...shares.values()].reduce((total, ms) => total + ms, 0);
  const rows = owners.map((owner) => [owner, cells(ours, owner), cells(floor, owner), more(owner).toFixed(1)]);
  const all = ['**together**', sum(ours).toFixed(1), sum(floor).toFixed(1), (sum(ours) - sum(floor)).toFixed(1)];
  return `${table([`\`${name}\``, 'ours', 'floor', 'more'], [...rows, all])}\n`;
}
