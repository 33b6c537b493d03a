/** One line of an import, checked: whose account it is and, where the line says it, what the account holds. */
import * as z from 'zod/mini';
import { emailSchema, isWithin, text, violations } from '../lifecycle/event.ts';
import { unknownName } from '../lifecycle/nearest-spelling.ts';
import { type Access, PERMISSIONS, type Permission, permissionSet } from '../lifecycle/permission.ts';
import { userIdSchema } from './reserve-user-id.ts';

/** What a good line says. `access` is missing where the line does not tell the permissions. */
export interface AccountLine {
  email: string;
  userId: string;
  access?: Access;
}

/** What is wrong with a line, as a sentence that says what to do; the address where at least that can be read. */
export interface WrongLine {
  email?: string;
  error: string;
}

const ALL = '*';
const SEPARATORS = /[\s,;|]+/;

const NAMES = 'must be names, in one text or in a list, or left out';
// An empty text would not tell whether none or nothing is said.
const filled = z.string().check(z.regex(/[^\s,;|]/, NAMES));
/** The members of a line, before the names of the permissions are looked at. */
export const lineSchema = z.strictObject({
  email: emailSchema,
  userId: userIdSchema,
  role: z.optional(text),
  permissions: z.optional(z.union([filled, z.array(filled)], NAMES)),
});

/** Checks the members of a line. `*` is every permission; an empty list of NDJSON is none. */
export function checkLine(members: unknown, allowedDomains: readonly string[]): AccountLine | WrongLine {
  const read = lineSchema.safeParse(members, { reportInput: true });
  if (!read.success) return wrong(members, sentence(read.error.issues));
  const { email, userId, role = '', permissions } = read.data;
  if (!isWithin(email, allowedDomains)) return wrong(members, 'The address is outside the allowed email domains.');
  if (permissions === undefined) return { email, userId };
  const names = [permissions].flat().flatMap((name) => name.trim().split(SEPARATORS).filter(Boolean));
  const unknown = names.find((name) => name !== ALL && !isPermission(name));
  if (unknown !== undefined) return wrong(members, unknownPermission(unknown));
  const held = names.includes(ALL) ? [...PERMISSIONS] : permissionSet(names.filter(isPermission));
  // Who holds nothing may still know a password, so this is no revoke: when they leave, one follows.
  return { email, userId, access: { role, permissions: held } };
}

function isPermission(name: string): name is Permission {
  return PERMISSIONS.some((permission) => permission === name);
}

function unknownPermission(name: string): string {
  return `permissions: ${unknownName('flag', name.slice(0, 64), PERMISSIONS)} (* is all of them). Correct the line and import it again.`;
}

function sentence(issues: readonly z.core.$ZodIssue[]): string {
  const found = violations(issues).slice(0, 5);
  const said = found.map(({ pointer, detail }) => `${pointer.slice(1) || 'The line'} ${detail}`);
  return `${said.join('; ')}. Correct the line and import it again.`;
}

function wrong(members: unknown, error: string): WrongLine {
  const said = typeof members === 'object' && members !== null && 'email' in members ? members.email : undefined;
  const read = emailSchema.safeParse(said);
  return { ...(read.success && { email: read.data }), error };
}
