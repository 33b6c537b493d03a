/** Webhooks that were switched off, or whose secret was changed at the other end, are silent, and so is a quiet week: somebody should look. */
import { plusSeconds } from '../lifecycle/effective-date.ts';
import { type ConfiguredSource, Conflict, type World } from '../lifecycle/ports.ts';

const DAY_SECONDS = 86_400;

/** Counts the configured sources that have been silent for too long, and names each once a day. */
export async function watchSources(world: World): Promise<void> {
  const sources = await world.configuredSources();
  const silent = await Promise.all(sources.map((source) => isSilent(world, source)));
  world.monitor.count('sources.silent', silent.filter((one) => one).length);
}

async function isSilent(world: World, { name, silentAfterDays }: ConfiguredSource): Promise<boolean> {
  const { heard, clock, monitor } = world;
  const now = clock.now();
  const last = await heard.get(name);
  try {
    // From the first time that it is seen on, it might have been heard.
    if (!last) await heard.set(name, { at: now, saidAt: null }, null);
    if (!last || plusSeconds(last.at, silentAfterDays * DAY_SECONDS) > now) return false;
    if (last.saidAt !== null && plusSeconds(last.saidAt, DAY_SECONDS) > now) return true;
    await heard.set(name, { ...last, saidAt: now }, last);
    monitor.alarm('source-silent', { source: name });
    return true;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    return false; // heard this very moment
  }
}
