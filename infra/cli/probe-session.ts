/** What a probe does to Conscent. Every call goes through here, so that whatever it made is known when it has to be cleaned up. */
import { randomBytes } from 'node:crypto';
import { readAnswer } from '../../shared/conscent/answer.ts';
import {
  type ConscentCall,
  type Credentials,
  conscentRequest,
  type Endpoint,
  type RawAnswer,
} from '../../shared/conscent/client.ts';
import { freshPassword } from '../../shared/conscent/password.ts';
import { findUserId } from '../../shared/conscent/user-id.ts';
import type { ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';
import { type Permission, permissionFlags } from '../../shared/lifecycle/permission.ts';

/** The only role in Conscent's documentation. */
export const ROLE = 'ADMIN';

const REVOKE_TRIES = 3;

/** Where to probe and with what. */
export interface SessionSettings {
  endpoint: Endpoint;
  credentials: Credentials;
  emailDomain: string;
  /** Once aborted no further question is asked; cleaning up goes on. */
  signal?: AbortSignal | undefined;
}

/** One answer: as the client reads it, and what it looked like. */
export interface Seen {
  answer: ConscentAnswer;
  worked: boolean;
  /** The status, or why there is none. Never a word of the body. */
  says: string;
  /** Where the id of a user stood, such as `user._id`. */
  idAt: string | undefined;
  /** Whether a flag is on, where the answer shows it. */
  flag(name: Permission): boolean | undefined;
}

/** The accounts of one probe, from the first request to the last revoke. */
export class ProbeSession {
  readonly #settings: SessionSettings;
  readonly #addresses: string[];
  readonly #userIds = new Set<string>();
  /** Addresses of accounts that exist, or may exist, without our knowing their id. */
  readonly #unlinked = new Set<string>();

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#addresses = [`conscent-probe-${randomBytes(6).toString('hex')}@${settings.emailDomain}`];
  }

  /** The first account's id, where an answer has said it. */
  get userId(): string | undefined {
    return [...this.#userIds][0];
  }

  /** Whether there is an account whose access was, or is to be, taken away. */
  get hasMade(): boolean {
    return this.#userIds.size > 0;
  }

  /** Creates an account without any flag; each time with the same address. */
  async create(): Promise<Seen> {
    const [email = ''] = this.#addresses;
    const body = { email, password: freshPassword(), role: ROLE, permissions: permissionFlags([]) };
    const seen = await this.#ask({ method: 'POST', body });
    const { answer } = seen;
    if (answer.kind === 'created' && answer.userId !== undefined) this.#userIds.add(answer.userId);
    else if (mayHaveWorked(answer)) this.#unlinked.add(email);
    return seen;
  }

  /** Changes one account, with other credentials where they are given. */
  patch(userId: string, body: object, credentials?: Credentials): Promise<Seen> {
    return this.#ask({ method: 'PATCH', userId, body }, credentials);
  }

  /** Gives an account another throw-away address, and says nothing else. */
  rename(userId: string): Promise<Seen> {
    const email = `renamed-${this.#addresses[0]}`;
    this.#addresses.push(email);
    return this.patch(userId, { email });
  }

  /** Takes everything away from whatever was made. Answers what a person has to see to, a sentence each. */
  async cleanUp(): Promise<string[]> {
    const addresses = this.#addresses.join(' or ');
    const byHand = [...this.#unlinked].map(
      (email) => `An account at ${email} exists or may exist; its id was never learnt. Remove it in the dashboard.`,
    );
    for (const userId of this.#userIds) {
      if (!(await this.#revoke(userId))) {
        byHand.push(`Access of ${addresses} (user ${userId}) could not be taken away. Remove it in the dashboard.`);
      }
    }
    return byHand;
  }

  async #revoke(userId: string): Promise<boolean> {
    for (let tries = 0; tries < REVOKE_TRIES; tries += 1) {
      const body = { permissions: permissionFlags([]), password: freshPassword() };
      if ((await this.#send({ method: 'PATCH', userId, body })).worked) return true;
    }
    return false;
  }

  #ask(call: ConscentCall, credentials?: Credentials): Promise<Seen> {
    this.#settings.signal?.throwIfAborted();
    return this.#send(call, credentials);
  }

  async #send(call: ConscentCall, credentials = this.#settings.credentials): Promise<Seen> {
    return seenIn(call.method, await conscentRequest(this.#settings.endpoint, credentials, call));
  }
}

function seenIn(method: 'POST' | 'PATCH', raw: RawAnswer): Seen {
  const answer = readAnswer(method, raw);
  const body = raw.kind === 'answer' ? parsed(raw.body) : undefined;
  return {
    answer,
    worked: answer.kind === 'created' || answer.kind === 'updated',
    says: says(raw, answer),
    idAt: findUserId(body)?.where,
    flag: (name) => flagIn(body, name),
  };
}

function says(raw: RawAnswer, answer: ConscentAnswer): string {
  const status = raw.kind === 'answer' ? `${raw.status}, ` : '';
  return `${status}${answer.kind === 'silence' ? `silence (${answer.reason})` : answer.kind}`;
}

function mayHaveWorked({ kind }: ConscentAnswer): boolean {
  return kind === 'created' || kind === 'silence' || kind === 'unknown-answer';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Looks for a `permissions` object at any depth: which noun Conscent wraps its user in is not documented. */
function flagIn(body: unknown, name: Permission): boolean | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if (name in body && typeof Reflect.get(body, name) === 'boolean') return Reflect.get(body, name) === true;
  return Object.values(body)
    .map((nested) => flagIn(nested, name))
    .find((flag) => flag !== undefined);
}
