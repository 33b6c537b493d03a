/** The sources there are. To add one: a file, a line here, a fixture. */
import type { ConfiguredSource } from '../lifecycle/ports.ts';
import { generic } from './generic.ts';
import { bamboohr } from './hr/bamboohr.ts';
import { deel } from './hr/deel.ts';
import { factorial } from './hr/factorial.ts';
import { greenhouse } from './hr/greenhouse.ts';
import { gusto } from './hr/gusto.ts';
import { hibob } from './hr/hibob.ts';
import { personio } from './hr/personio.ts';
import { remote } from './hr/remote.ts';
import type { Source, SourceContext } from './source.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { freshservice } from './ticketing/freshservice.ts';
import { jira } from './ticketing/jira.ts';
import { okta } from './ticketing/okta.ts';
import { servicenow } from './ticketing/servicenow.ts';
import { zendesk } from './ticketing/zendesk.ts';

/** What is taken for silence where a source's settings do not say. */
const SILENT_AFTER_DAYS = 7;

type MakeSource = (settings: unknown, context: SourceContext) => Source;

const REGISTRY: Readonly<Record<string, MakeSource>> = {
  bamboohr,
  deel,
  factorial,
  freshservice,
  greenhouse,
  gusto,
  hibob,
  jira,
  okta,
  personio,
  remote,
  servicenow,
  'standard-webhooks': standardWebhooks,
  zendesk,
};

// A name of one's own, as it stands in a path and before an employee id.
const GENERIC = /^generic\/([a-z0-9][a-z0-9-]{0,62})$/;

/**
 * The source of a name, made from its member of the sources secret; `null` where it is unknown or not configured.
 * @throws Error where its configuration is not usable, naming the member: our fault, never the sender's.
 */
export function findSource(name: string, secret: unknown, context: SourceContext): Source | null {
  if (typeof secret !== 'object' || secret === null) throw new Error('the sources secret must be an object');
  const [, ownName] = GENERIC.exec(name) ?? [];
  const make = ownName === undefined ? own(REGISTRY, name) : makeGeneric(name);
  const settings = ownName === undefined ? own(secret, name) : own(own(secret, 'generic'), ownName);
  if (!make || settings === undefined) return null;
  const days = own(settings, 'silentAfterDays');
  if (days !== undefined && !isDays(days)) throw new Error('silentAfterDays must be a positive number of days');
  return make(withoutSilence(settings), context);
}

const makeGeneric =
  (name: string): MakeSource =>
  (settings, context) =>
    generic(name, settings, context);

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
  return typeof days === 'number' && days > 0;
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
