/** The sources there are. To add one: a file, a line here, a fixture. */
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
  if (ownName !== undefined) {
    const settings = own(own(secret, 'generic'), ownName);
    return settings === undefined ? null : generic(name, settings, context);
  }
  const make = own(REGISTRY, name);
  const settings = own(secret, name);
  return make && settings !== undefined ? make(settings, context) : null;
}

function own<T>(from: Readonly<Record<string, T>>, name: string): T | undefined;
function own(from: unknown, name: string): unknown;
function own(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, name)) return undefined;
  return (from as Record<string, unknown>)[name];
}
