/** The Conscent of a run: the sandbox's own endpoints and accounts behind the gate, and everything the issue lists that can go wrong with a call. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createAccounts, type Outcome, type SandboxUser } from '../../infra/local/conscent-accounts.ts';
import { readJson, serve } from '../../infra/local/conscent-endpoints.ts';
import { answerJson, type Fault, faultSchema, misbehave } from '../../infra/local/conscent-faults.ts';
import type { Chance } from './chance.ts';
import type { Deck } from './deck.ts';
import type { Gate } from './gate.ts';
import type { SimulatedTime } from './simulated-time.ts';
import { type End, WORKER } from './wire.ts';
import { type Worker, workerOf } from './workers.ts';

/** Nothing is answered, and the worker waits for its time-out. */
export const HANGING = ['hang', 'effect after the time-out'];

/** How a call may fail, by what the sandbox is told. Effects that come late land 12 to 90 seconds after the call. */
const FAULTS: Record<string, Omit<Fault, 'kind'> & { kind: string }> = {
  '500': { kind: 'status', status: 500 } as Fault,
  '502': { kind: 'status', status: 502, effect: 'before' } as Fault,
  '503': { kind: 'status', status: 503, retryAfterSeconds: 40 } as Fault,
  '429 in seconds': { kind: 'status', status: 429, retryAfterSeconds: 25 } as Fault,
  '429 with a date': { kind: 'status', status: 429, retryAfterDateInSeconds: 90 } as Fault,
  hang: { kind: 'hang' },
  'effect after the time-out': { kind: 'hang', effect: 'late' },
  'reset before the effect': { kind: 'reset' },
  'reset after the effect': { kind: 'reset', effect: 'before' },
  drip: { kind: 'drip', everyMs: 900 } as Fault,
  'truncated body': { kind: 'truncated' },
  'truncated JSON': { kind: 'truncated', how: 'json' } as Fault,
  'HTML error page': { kind: 'html' },
  'error in a 200': { kind: 'error-in-2xx' },
  '409': { kind: 'status', status: 409, message: 'Conflict' } as Fault,
  'no id': { kind: 'plain-text' },
  '404': { kind: 'status', status: 404, message: 'User not found' } as Fault,
};

/** What may befall a POST, and a PATCH. */
export const POST_FAULTS = Object.keys(FAULTS).filter((kind) => kind !== '404');
export const PATCH_FAULTS = Object.keys(FAULTS).filter((kind) => kind !== 'no id');

/** One call, as it went. */
export interface Call {
  at: number;
  method: string;
  email: string;
  /** What it asks for, in a few words. */
  said: string;
  /** What it was told to do wrong. */
  fault: string | null;
  /** Whether what it asks was done by the time of the answer; of a late one it is added then. */
  isDone: boolean;
}

/** What somebody's account came to hold. */
export interface Effect {
  at: number;
  email: string;
  role: string;
  flags: string[];
}

/** What the Conscent of a run needs. */
export interface ConscentOptions {
  gate: Gate;
  time: SimulatedTime;
  chance: Chance;
  decks: { POST: Deck<string>; PATCH: Deck<string> };
  credentials: { apiKey: string; apiSecret: string };
  duplicates: 'refuse' | 'accept';
  onCall(call: Call, worker: Worker): void;
  onRefusedKey(): void;
}

/** The Conscent of a run. */
export interface RunConscent {
  server: Server;
  calls: Call[];
  effects: Effect[];
  users(): SandboxUser[];
  /** Nothing answers until it is well again. */
  isDown: boolean;
}

export function conscentOfRun(options: ConscentOptions): RunConscent {
  const { gate, duplicates } = options;
  const accounts = createAccounts({ duplicates });
  const conscent: RunConscent = {
    calls: [],
    effects: [],
    users: accounts.list,
    isDown: false,
    server: createServer(async (request, response) => {
      const asked = await readRequest(request);
      const worker = workerOf(Number(request.headers[WORKER]));
      if (!worker) return;
      gate.arrive({
        worker,
        what: asked.method,
        serve: async () => answer({ ...options, conscent, accounts }, { ...asked, worker }, response),
        mute: () => {
          (request.socket as unknown as End).isCut = true;
        },
      });
    }),
  };
  return conscent;
}

async function readRequest(request: IncomingMessage) {
  const { method = '', url: path = '', headers } = request;
  return { method, path, headers, body: await readJson(request) };
}

type Asked = Awaited<ReturnType<typeof readRequest>> & { worker: Worker };
type Machine = ConscentOptions & { conscent: RunConscent; accounts: ReturnType<typeof createAccounts> };

function answer(machine: Machine, asked: Asked, response: ServerResponse): void {
  const { conscent, accounts, time } = machine;
  const method = asked.method as Method;
  const call: Call = { at: time.now(), method, email: emailIn(asked, accounts), ...UNDONE, said: wordsFor(asked) };
  conscent.calls.push(call);
  call.fault = faultFor(machine, asked);
  machine.onCall(call, asked.worker);
  response.setHeader('date', new Date().toUTCString());
  const perform = () => performed(machine, asked, call);
  if (conscent.isDown) answerJson(response, 503, { statusCode: 503, message: 'Down' });
  else if (call.fault !== null) fail(machine, call.fault, { response, perform, method });
  else answerTruth(response, perform());
}

type Method = 'POST' | 'PATCH';
const UNDONE = { fault: null, isDone: false };

function answerTruth(response: ServerResponse, { status, body }: Outcome): void {
  answerJson(response, status, body);
}

/** Whoever is refused for their key is told so and nothing else. */
function faultFor({ conscent, credentials, decks, onRefusedKey }: Machine, { method, headers }: Asked): string | null {
  if (conscent.isDown) return null;
  if (headers.authorization === basic(credentials)) return decks[method as Method].deal();
  onRefusedKey();
  return null;
}

/** Does what a call asks. */
function performed(machine: Machine, asked: Asked, call: Call): Outcome {
  const outcome = serve(asked, machine.accounts, machine.credentials);
  if (outcome.status >= 300) return outcome;
  call.isDone = true;
  noteEffect(machine, outcome.body);
  return outcome;
}

/** What an account holds once a call has had its effect. */
function noteEffect({ conscent, time }: Machine, body: Record<string, unknown>): void {
  const { userId } = (body['userData'] ?? body) as { userId?: string };
  const user = conscent.users().find((one) => one.userId === userId);
  if (user) conscent.effects.push({ at: time.now(), email: user.email, role: user.role, flags: flagsOf(user) });
}

/** The flags that are on. */
export function flagsOf(user: SandboxUser | undefined): string[] {
  return Object.entries(user?.permissions ?? {}).flatMap(([name, isOn]) => (isOn ? [name] : []));
}

interface Failing {
  response: ServerResponse;
  perform: () => Outcome;
  method: Method;
}

function fail({ time, chance }: Machine, name: string, { response, perform, method }: Failing): void {
  const fault = faultSchema.parse(FAULTS[name]);
  if (fault.effect === 'late') time.after(chance.whole(12_000, 90_000), perform);
  const pretended = { status: method === 'POST' ? 201 : 200, body: { message: 'Done' } };
  misbehave(response, fault, fault.effect === 'before' ? perform() : pretended);
}

function emailIn({ method, path, body }: Asked, accounts: ReturnType<typeof createAccounts>): string {
  if (method === 'POST') return String((body as { email?: unknown }).email);
  return accounts.emailOf(decodeURIComponent(path.split('/').at(-1) ?? '')) ?? 'nobody';
}

function basic({ apiKey, apiSecret }: { apiKey: string; apiSecret: string }): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
}

function wordsFor({ body }: Asked): string {
  const { email, permissions } = body as { email?: string; permissions?: Record<string, boolean> };
  const flags = Object.entries(permissions ?? {}).filter(([, isOn]) => isOn);
  return [email, permissions && `[${flags.map(([name]) => name).join(' ')}]`].filter(Boolean).join(' ');
}
