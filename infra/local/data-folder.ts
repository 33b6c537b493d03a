/** `DATA_DIR`: where the tables, the sandbox's accounts and how far the clock was moved outlive a run. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './parent.ts';

/** Takes the folder for this process; the store on disk bears only one. @throws Error if another process that lives has it. */
export function claimDataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const claim = join(folder, 'pid');
  const owner = ownerIn(claim);
  if (owner > 0 && owner !== process.pid && isAlive(owner)) throw new Error(`${folder} is in use by process ${owner}`);
  writeFileSync(claim, String(process.pid));
  process.on('exit', () => rmSync(claim, { force: true }));
}

function ownerIn(claim: string): number {
  try {
    return Number(readFileSync(claim, 'utf8'));
  } catch {
    return 0;
  }
}
