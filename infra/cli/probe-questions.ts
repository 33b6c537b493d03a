/** The questions that Conscent's documentation leaves open, and what to ask to have them answered. */
import { randomBytes } from 'node:crypto';
import type { Credentials } from '../../shared/conscent/client.ts';
import { permissionFlags } from '../../shared/lifecycle/permission.ts';
import { type ProbeSession, ROLE, type Seen } from './probe-session.ts';

/** One line of the table. */
export interface Finding {
  question: string;
  answer: string;
  /** What the operator sets or does because of it; empty where nothing. */
  set: string;
}

type Note = (question: string, answer: string, set?: string) => void;

const UNKNOWN = 'could not find out';

/**
 * Asks everything, in an order that needs as few accounts as possible, and adds each finding as soon as it is known.
 * Answers whether the account could be created at all; where not, nothing else is asked.
 */
export async function askAll(session: ProbeSession, credentials: Credentials, findings: Finding[]): Promise<boolean> {
  const note: Note = (question, answer, set = '') => findings.push({ question, answer, set });
  const created = await session.create();
  noteCreated(created, note);
  if (!created.worked) return false;
  await askDuplicate(session, note);
  await askUnknownId(session, note);
  await askBadCredentials(session, credentials, note);
  if (session.userId === undefined) noteUnasked(note);
  else await askAboutPatch(session, session.userId, note);
  return true;
}

const CREATED = 'Does the answer to a create carry an id, and where?';

function noteCreated({ worked, says, idAt }: Seen, note: Note): void {
  if (!worked) note(CREATED, `${UNKNOWN}: the create was answered ${says}`);
  else if (idAt === undefined) note(CREATED, `no (${says})`, 'link each new account: PUT /people/{email}/account');
  else note(CREATED, `yes, at ${idAt} (${says})`);
}

async function askDuplicate(session: ProbeSession, note: Note): Promise<void> {
  const { answer, says } = await session.create();
  const question = 'How is an address that is taken answered?';
  const refused = answer.kind === 'already-exists' || answer.kind === 'rejected';
  const known = refused || answer.kind === 'created';
  note(question, known ? says : `${UNKNOWN} (${says})`, `CONSCENT_REFUSES_DUPLICATES=${refused}`);
}

async function askUnknownId(session: ProbeSession, note: Note): Promise<void> {
  const { says } = await session.patch(unknownId(), { role: ROLE });
  note('How is an unknown user id answered?', says);
}

async function askBadCredentials(session: ProbeSession, credentials: Credentials, note: Note): Promise<void> {
  const wrong = { ...credentials, apiSecret: randomBytes(24).toString('hex') };
  const { says } = await session.patch(session.userId ?? unknownId(), { permissions: permissionFlags([]) }, wrong);
  note('How are bad credentials answered?', says);
}

const PATCH_QUESTIONS = {
  weak: 'How is a weak password answered?',
  part: 'Does an update accept a part of the members?',
  rename: 'Does an update accept a new address alone?',
  twice: 'Is the same update accepted twice?',
  merge: 'Does an update merge or replace permissions?',
};

function noteUnasked(note: Note): void {
  for (const question of Object.values(PATCH_QUESTIONS)) note(question, `${UNKNOWN}: it takes an id`);
}

async function askAboutPatch(session: ProbeSession, userId: string, note: Note): Promise<void> {
  const weak = await session.patch(userId, { password: 'a' });
  note(PATCH_QUESTIONS.weak, weak.worked ? `accepted (${weak.says})` : weak.says);
  const part = await session.patch(userId, { role: ROLE });
  note(PATCH_QUESTIONS.part, yesOrNo(part));
  const rename = await session.rename(userId);
  note(PATCH_QUESTIONS.rename, yesOrNo(rename));
  await askTwice(session, userId, note);
  await askMerge(session, userId, note);
}

async function askTwice(session: ProbeSession, userId: string, note: Note): Promise<void> {
  const update = { role: ROLE, permissions: permissionFlags(['ga4']) };
  const first = await session.patch(userId, update);
  const second = await session.patch(userId, update);
  note(PATCH_QUESTIONS.twice, first.worked ? yesOrNo(second) : `${UNKNOWN} (${first.says})`);
}

/** Comes after `askTwice`, which has switched `ga4` on. */
async function askMerge(session: ProbeSession, userId: string, note: Note): Promise<void> {
  const seen = await session.patch(userId, { permissions: { export: true } });
  note(PATCH_QUESTIONS.merge, mergeOrReplace(seen), 'nothing: all 24 flags are always sent');
}

function mergeOrReplace(seen: Seen): string {
  if (!seen.worked) return `${UNKNOWN}: a part of the flags was answered ${seen.says}`;
  if (seen.flag('export') !== true) return `${UNKNOWN}: the answer does not show the flags`;
  return seen.flag('ga4') === true ? 'merges' : 'replaces';
}

function yesOrNo(seen: Seen): string {
  if (seen.worked) return `yes (${seen.says})`;
  return seen.answer.kind === 'rejected' ? `no (${seen.says})` : `${UNKNOWN} (${seen.says})`;
}

/** Of the shape Conscent's samples have, and nobody's. */
function unknownId(): string {
  return randomBytes(12).toString('hex');
}
