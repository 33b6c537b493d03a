/** The sources there are. To add one: a file, a line here, a fixture. */
import type { ConfiguredSource } from '../lifecycle/ports.ts';
import type { Source, SourceContext } from './source.ts';

/** What is taken for silence where a source's settings do not say. */
const SILENT_AFTER_DAYS = 7;

/** Every source is silent at night. Deliveries are noted once an hour, so that far less than a day would count one that speaks all the time. */
const LEAST_SILENT_DAYS = 1;
const MOST_SILENT_DAYS = 3650;

type MakeSource = (settings: unknown, context: SourceContext) => Source;

// Each is loaded when it is first asked for: a delivery is of one vendor, and the schemas of all of them take 5 ms of a cold start.
const REGISTRY: Readonly<Record<string, () => Promise<MakeSource>>> = {
  bamboohr: async () => (await import('./hr/bamboohr.ts')).bamboohr,
  deel: async () => (await import('./hr/deel.ts')).deel,
  factorial: async () => (await import('./hr/factorial.ts')).factorial,
  freshservice: async () => (await import('./ticketing/freshservice.ts')).freshservice,
  greenhouse: async () => (await import('./hr/greenhouse.ts')).greenhouse,
  gusto: async () => (await import('./hr/gusto.ts')).gusto,
  hibob: async () => (await import('./hr/hibob.ts')).hibob,
  jira: async () => (await import('./ticketing/jira.ts')).jira,
  okta: async () => (await import('./ticketing/okta.ts')).okta,
  personio: async () => (await import('./hr/personio.ts')).personio,
  remote: async () => (await import('./hr/remote.ts')).remote,
  servicenow: async () => (await import('./ticketing/servicenow.ts')).servicenow,
  'standard-webhooks': async () => (await import('./standard-webhooks.ts')).standardWebhooks,
  zendesk: async () => (await import('./ticketing/zendesk.ts')).zendesk,
};

// A name of one's own, as it stands in a path and before an employee id.
const GENERIC = /^generic\/([a-z0-9][a-z0-9-]{0,62})$/;

/**
 * The source of a name, made from its member of the sources secret; `null` where it is unknown or not configured.
 * @throws Error where its configuration is not usable, naming the member: our fault, never the sender's.
 */
export async function findSource(name: string, secret: unknown, context: SourceContext): Promise<Source | null> {
  if (typeof secret !== 'object' || secret === null) throw new Error('the sources secret must be an object');
  const [, ownName] = GENERIC.exec(name) ?? [];
  const load = ownName === undefined ? own(REGISTRY, name) : () => loadGeneric(name);
  const settings = ownName === undefined ? own(secret, name) : own(own(secret, 'generic'), ownName);
  if (!load || settings === undefined) return null;
  const days = own(settings, 'silentAfterDays');
  if (days !== undefined && !isDays(days))
    throw new Error(`silentAfterDays must be a number of days from ${LEAST_SILENT_DAYS} to ${MOST_SILENT_DAYS}`);
  const make = await load();
  return make(withoutSilence(settings), context);
}

async function loadGeneric(name: string): Promise<MakeSource> {
  const { generic } = await import('./generic.ts');
  return (settings, context) => generic(name, settings, context);
}

/** The sources that a secret configures; whether their settings are usable is another matter. */
export function configuredSources(secret: unknown): ConfiguredSource[] {
  const named = Object.keys(REGISTRY).map((name) => [name, own(secret, name)] as const);
  const generics = Object.entries(own(secret, 'generic') ?? {}).map(([name, one]) => [`generic/${name}`, one] as const);
  return [...named, ...generics]
    .filter(([, settings]) => settings !== undefined)
    .map(([name, settings]) => ({ name, silentAfterDays: silentAfterDays(settings) }));
}

/** Said by any source's settings: some companies hire every day, others once a quarter. */
function silentAfterDays(settings: unknown): number {
  const days = own(settings, 'silentAfterDays');
  return isDays(days) ? days : SILENT_AFTER_DAYS;
}

function isDays(days: unknown): days is number {
  return typeof days === 'number' && days >= LEAST_SILENT_DAYS && days <= MOST_SILENT_DAYS;
}

function withoutSilence(settings: unknown): unknown {
  if (own(settings, 'silentAfterDays') === undefined) return settings;
  const { silentAfterDays: _, ...rest } = settings as Record<string, unknown>;
  return rest;
}

function own<T>(from: Readonly<Record<string, T>>, name: string): T | undefined;
function own(from: unknown, name: string): unknown;
function own(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, name)) return undefined;
  return (from as Record<string, unknown>)[name];
}
