/** The credentials of the attacked stack: each is a canary, for none may ever be seen again. */
import { createHash, randomBytes } from 'node:crypto';
import { SCOPES, type Scope } from '../../../shared/middleware/authenticate.ts';

const random = (name: string) => `${name}-${randomBytes(12).toString('hex')}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const SCOPES_OF: Readonly<Record<string, readonly Scope[]>> = {
  writer: ['events:write'],
  rival: ['events:write', 'jobs:read'],
  auditor: ['jobs:read', 'people:read'],
  desk: ['people:read', 'people:write'],
  operator: SCOPES,
  expired: SCOPES,
  ...Object.fromEntries(
    SCOPES.map((scope) => [`all-but-${scope.replace(':', '-')}`, SCOPES.filter((one) => one !== scope)]),
  ),
};

/** The text of every token, by its name. */
export const TOKENS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(SCOPES_OF).map((name) => [name, random(`token-of-${name}`)]),
);

const key = () => randomBytes(32).toString('base64');
/** The signing keys and credentials of the senders. */
export const KEYS = {
  standard: key(),
  github: random('github-key'),
  stripe: random('stripe-key'),
  bamboohr: random('bamboohr-key'),
  greenhouse: random('greenhouse-key'),
  hibob: random('hibob-key'),
  jira: random('jira-key'),
  jiraToken: random('jira-token'),
  okta: random('okta-credential'),
  bearer: random('generic-token'),
  deel: random('deel-key'),
  servicenow: key(),
  servicenowPassword: random('servicenow-password'),
  zendesk: random('zendesk-key'),
  freshservice: random('freshservice-text'),
};
/** What the stack calls Conscent and its vendors with. Those of the fakes are theirs. */
export const CONSCENT = { apiKey: random('conscent-key'), apiSecret: random('conscent-secret') };
export const JIRA_BOT = '712020:bot-of-the-attacks';

const MAPPING = { type: '/what', person: { email: '/mail', externalId: '/number' } };

/** Where the vendors of the attacked stack are. @param elsewhere answers with redirects only. */
export interface Places {
  sandbox: string;
  elsewhere: string;
}

/** The sources secret. */
export function sourcesAt({ sandbox, elsewhere }: Places): Record<string, unknown> {
  const fake = (name: string) => `${sandbox}/_vendors/${name}`;
  return {
    'standard-webhooks': { signingSecrets: [`whsec_${KEYS.standard}`] },
    bamboohr: { signingSecrets: [KEYS.bamboohr], companyDomain: 'press', apiKey: 'any', baseUrl: fake('bamboohr') },
    deel: { signingSecrets: [KEYS.deel], apiToken: random('deel-token'), baseUrl: elsewhere },
    greenhouse: { signingSecrets: [KEYS.greenhouse], workEmailPattern: '{firstName}.{lastName}@press.example' },
    hibob: { signingSecrets: [KEYS.hibob], serviceUserId: 's', serviceUserToken: 't', baseUrl: fake('hibob') },
    gusto: { signingSecrets: [random('gusto-key')], apiToken: 'any', baseUrl: fake('gusto') },
    // What nobody may get in by, or be led to.
    factorial: { challenges: [''], apiKey: 'any' },
    personio: {
      tokens: [random('personio')],
      clientId: 'c',
      clientSecret: 's',
      baseUrl: 'http://169.254.169.254/latest',
    },
    okta: { authorizations: [KEYS.okta], apiToken: 'local-okta-api-token', baseUrl: fake('okta') },
    jira: jiraAt(fake('jira')),
    servicenow: {
      signingSecrets: [`whsec_${KEYS.servicenow}`],
      basic: { user: 'servicenow', passwords: [KEYS.servicenowPassword] },
    },
    zendesk: { signingSecrets: [KEYS.zendesk] },
    freshservice: { header: { name: 'X-Desk-Key', secrets: [KEYS.freshservice] } },
    generic: {
      signed: {
        hmac: { preset: 'github', signingSecrets: [KEYS.github] },
        deliveryId: { pointer: '/id' },
        mapping: MAPPING,
      },
      dated: {
        hmac: { preset: 'stripe', signingSecrets: [KEYS.stripe] },
        deliveryId: { pointer: '/id' },
        mapping: MAPPING,
      },
      believed: { bearer: { tokens: [KEYS.bearer] }, deliveryId: { pointer: '/id' }, mapping: MAPPING },
    },
  };
}

function jiraAt(baseUrl: string): object {
  return {
    signingSecrets: [KEYS.jira],
    bearer: { tokens: [KEYS.jiraToken] },
    mapping: {
      type: '/fields/customfield_10010/requestType/name',
      person: { email: '/fields/customfield_10101' },
      access: { profile: '/fields/customfield_10105/value' },
    },
    words: { 'New colleague': 'onboard', 'More access': 'change', 'Colleague leaves': 'offboard' },
    approved: { values: ['Approved'] },
    api: { baseUrl, email: 'bot@press.example', apiToken: 'local-jira-api-token', accountId: JIRA_BOT },
    reply: {},
  };
}

/** The tokens secret. */
export const TOKEN_LIST = Object.entries(SCOPES_OF).map(([name, scopes]) => ({
  name,
  sha256: sha256(TOKENS[name] ?? ''),
  scopes,
  ...(name === 'expired' && { expiresAt: '2020-01-01T00:00:00Z' }),
}));

/** Everything that must never be seen again. */
export const SECRETS: readonly string[] = [
  ...Object.values(TOKENS),
  ...Object.values(KEYS),
  ...Object.values(CONSCENT),
  'local-okta-api-token',
  'local-jira-api-token',
];
