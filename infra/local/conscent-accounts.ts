/** What the sandbox holds, and what it refuses: the state behind the two endpoints of Conscent's IAM System API. */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Spelled out here once more, from the documentation and not from our own code, so that a slip there is refused here. */
const FLAGS =
  'ignite paywallBuilder popUpBuilder newsLetterBuilder meterBannerBuilder loginSetting manageSubscription audienceSegment journey payments taxation subscriptionPlan manualSubscriptions Checkout micropayments paymentGateway notifications billing documentation ga4 export webhooks internalUser pdfManager'.split(
    ' ',
  );
const MEMBERS = ['email', 'password', 'role', 'permissions'];

/** The documentation's sample password has six characters; whether shorter ones are refused is not documented. */
const SHORTEST_PASSWORD = 6;

/** Where the documentation is silent, either way of doing it. */
export interface AccountRules {
  /** Whether a PATCH's `permissions` replace all flags (default; what is left out becomes false) or only those they name. */
  permissions?: 'replace' | 'merge';
  /** Whether a second account with the same address is refused with 409 (default) or simply created. */
  duplicates?: 'refuse' | 'accept';
  /** Whether a PATCH may leave members out (default) or must carry all four. */
  patch?: 'part' | 'whole';
}

/** One dashboard user as the sandbox shows it. Passwords are counted and not kept. */
export interface SandboxUser {
  userId: string;
  email: string;
  role: string;
  permissions: Record<string, boolean>;
  /** How many times a password was set, creation included. */
  passwordSet: number;
}

/** A status and a JSON body. */
export interface Outcome {
  status: number;
  body: Record<string, unknown>;
}

type Body = Record<string, unknown>;

export interface Accounts {
  create(body: unknown): Outcome;
  change(userId: string, body: unknown): Outcome;
  list(): SandboxUser[];
  emailOf(userId: string): string | undefined;
  clear(): void;
}

/** @param file keeps the accounts across runs; without it they live in memory. */
export function createAccounts(rules: AccountRules, file?: string): Accounts {
  const users = new Map(readUsers(file).map((user) => [user.userId, user]));
  const keep = (user: SandboxUser) => {
    users.set(user.userId, user);
    writeUsers(file, [...users.values()]);
  };
  const taken = (email: unknown, except?: string) =>
    rules.duplicates !== 'accept' && [...users.values()].some((user) => user.email === email && user.userId !== except);
  return {
    create(body) {
      const problems = problemsOf(body, MEMBERS);
      if (problems.length > 0 || !isObject(body)) return refusal(400, 'Bad Request', problems);
      if (taken(body['email'])) return refusal(409, 'Conflict', 'User already exists');
      const blank = { userId: randomBytes(12).toString('hex'), email: '', role: '', permissions: {}, passwordSet: 0 };
      const user = changed(blank, body, rules);
      keep(user);
      return { status: 201, body: { message: 'User created successfully', userId: user.userId } };
    },
    change(userId, body) {
      const problems = problemsOf(body, rules.patch === 'whole' ? MEMBERS : []);
      if (problems.length > 0 || !isObject(body)) return refusal(400, 'Bad Request', problems);
      const user = users.get(userId);
      if (!user) return refusal(404, 'Not Found', 'User not found');
      if (taken(body['email'], userId)) return refusal(409, 'Conflict', 'Email already exists');
      const after = changed(user, body, rules);
      keep(after);
      const { passwordSet: _, ...userData } = after;
      return { status: 200, body: { message: 'User updated successfully', userData } };
    },
    list: () => structuredClone([...users.values()]),
    emailOf: (userId) => users.get(userId)?.email,
    clear: () => {
      users.clear();
      writeUsers(file, []);
    },
  };
}

function readUsers(file: string | undefined): SandboxUser[] {
  try {
    return file ? (JSON.parse(readFileSync(file, 'utf8')) as SandboxUser[]) : [];
  } catch {
    return [];
  }
}

/** Replaced whole, so that a run that is killed leaves no half of it. */
function writeUsers(file: string | undefined, users: readonly SandboxUser[]): void {
  if (!file) return;
  writeFileSync(`${file}.next`, JSON.stringify(users));
  renameSync(`${file}.next`, file);
}

/** An error the way NestJS words it; that Conscent does so too is inferred from its plugin, not documented. */
export function refusal(status: number, error: string, message: string | string[]): Outcome {
  return { status, body: { statusCode: status, message, error } };
}

function changed(user: SandboxUser, body: Body, rules: AccountRules): SandboxUser {
  const { email = user.email, role = user.role, password, permissions } = body;
  return {
    userId: user.userId,
    email: String(email),
    role: String(role),
    permissions: isObject(permissions) ? flags(user, permissions, rules) : user.permissions,
    passwordSet: user.passwordSet + (password === undefined ? 0 : 1),
  };
}

function flags(user: SandboxUser, sent: Body, rules: AccountRules): Record<string, boolean> {
  const before = rules.permissions === 'merge' ? user.permissions : {};
  return Object.fromEntries(FLAGS.map((flag) => [flag, (sent[flag] ?? before[flag]) === true]));
}

function problemsOf(body: unknown, required: readonly string[]): string[] {
  if (!isObject(body)) return ['body must be an object'];
  if (Object.keys(body).length === 0) return ['body must not be empty'];
  return [
    ...required.filter((member) => !(member in body)).map((member) => `${member} should not be empty`),
    ...Object.entries(body).flatMap(([member, value]) => problemsOfMember(member, value)),
  ];
}

function problemsOfMember(member: string, value: unknown): string[] {
  switch (member) {
    case 'email':
      return isEmail(value) ? [] : ['email must be an email'];
    case 'password':
      return typeof value === 'string' && value.length >= SHORTEST_PASSWORD ? [] : ['password is too short'];
    case 'role':
      return typeof value === 'string' && value !== '' ? [] : ['role should not be empty'];
    case 'permissions':
      return isObject(value) ? Object.entries(value).flatMap(problemsOfFlag) : ['permissions must be an object'];
    default:
      return [`property ${member} should not exist`];
  }
}

function problemsOfFlag([flag, value]: [string, unknown]): string[] {
  if (!FLAGS.includes(flag)) return [`property permissions.${flag} should not exist`];
  return typeof value === 'boolean' ? [] : [`permissions.${flag} must be a boolean value`];
}

function isEmail(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 254 && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value);
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
