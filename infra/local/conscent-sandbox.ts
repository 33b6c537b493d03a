/**
 * The one Conscent sandbox, for `npm start` and for every test: the two endpoints of the IAM System API with a memory, refusing
 * what the real one would refuse and failing as it is told to. Where the documentation is silent, either way is an option.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AccountRules, type Accounts, createAccounts, refusal, type SandboxUser } from './conscent-accounts.ts';
import { type Controls, control } from './conscent-controls.ts';
import { emailOf, readJson, serve } from './conscent-endpoints.ts';
import {
  answerJson,
  createFaultQueue,
  type Fault,
  type FaultQueue,
  faultSchema,
  misbehave,
} from './conscent-faults.ts';
import { createLateEffects, type LateEffects } from './conscent-late.ts';
import { createTraffic, type Traffic } from './conscent-traffic.ts';

/** What a sandbox is started with; only the port and the credentials have no default. */
export interface SandboxOptions {
  /** 0 takes any free one. */
  port: number;
  host?: '127.0.0.1' | '::1';
  /** Read at each request, so changing the object rotates them. */
  credentials: { apiKey: string; apiSecret: string };
  /** What `POST /_sandbox/clock` does, besides moving the times that `calls()` shows. It is answered when this is done. */
  onClock?: ((advanceSeconds: number) => void | Promise<void>) | undefined;
  /** Asked about every other path, such as `/_vendors/…`; answers true where it took the request. */
  extraRoutes?: ((request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>) | undefined;
  /** Keeps the accounts across runs; without it they live in memory. */
  accountsFile?: string | undefined;
  /** How it behaves for the whole run. `faults` are back after a reset; they usually have `count: 'always'`. */
  behaviour?: (AccountRules & { faults?: Fault[]; delayMs?: number }) | undefined;
  /** The real Conscent is in use: of the sandbox's own routes only the clock works. */
  apiDisabled?: boolean | undefined;
}

/** One request to the API. */
export interface SandboxCall {
  method: string;
  path: string;
  /** `null` while, or where, no answer was sent whole. */
  status: number | null;
  at: string;
  /** The names of the body's members; no value is kept. */
  members: string[];
}

/** A sandbox that is listening. */
export interface ConscentSandbox {
  /** The base URL of the API, with a trailing slash. */
  url: string;
  port: number;
  users(): SandboxUser[];
  /** Every request to the API in order, refused ones included. */
  calls(): SandboxCall[];
  /** How many requests to the API were in flight at once, at most. */
  mostAtOnce(): number;
  /** Queues faults; each strikes the next request that fits. Throws for a malformed one. */
  tell(...faults: Fault[]): void;
  /** Lets every `late` effect happen now; answers how many. */
  land(): number;
  /** Forgets accounts, calls and faults; `behaviour` stays. */
  reset(): void;
  close(): Promise<void>;
}

interface State {
  options: SandboxOptions;
  accounts: Accounts;
  faults: FaultQueue;
  late: LateEffects;
  calls: SandboxCall[];
  advancedMs: number;
  traffic: Traffic;
}

/** Starts a sandbox on loopback. Throws where the port is taken or a fault of `behaviour` is malformed. */
export async function startConscentSandbox(options: SandboxOptions): Promise<ConscentSandbox> {
  const state: State = {
    options,
    accounts: createAccounts(options.behaviour ?? {}, options.accountsFile),
    faults: createFaultQueue(),
    late: createLateEffects(),
    calls: [],
    advancedMs: 0,
    traffic: createTraffic(options.behaviour?.delayMs),
  };
  forgetRun(state);
  const server = createServer((request, response) => {
    handle(state, request, response).catch(() => response.destroy());
  });
  const { host = '127.0.0.1' } = options;
  const port = await listen(server, options.port, host);
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${port}/api/`,
    port,
    users: state.accounts.list,
    calls: () => structuredClone(state.calls),
    mostAtOnce: state.traffic.most,
    tell: (...faults) => tell(state, faults),
    land: state.late.land,
    reset: () => reset(state),
    close: () => close(state, server),
  };
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { apiDisabled = false, extraRoutes } = state.options;
  const method = request.method ?? '';
  const path = (request.url ?? '').replace(/\?.*$/s, '');
  if (path.startsWith('/_sandbox/')) {
    const { status, body } = await control(
      { method, path, readBody: () => readJson(request) },
      controls(state),
      apiDisabled,
    );
    return answerJson(response, status, body);
  }
  if (path.startsWith('/api/') && !apiDisabled) return handleApi(state, { method, path }, request, response);
  if (await extraRoutes?.(request, response)) return;
  const { status, body } = refusal(404, 'Not Found', `Cannot ${method} ${path}`);
  answerJson(response, status, body);
}

async function handleApi(
  state: State,
  { method, path }: { method: string; path: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = note(state, { method, path }, response);
  await state.traffic.pass(response);
  const body = await readJson(request);
  call.members = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  const asked = { method, path, headers: request.headers, body };
  const perform = () => serve(asked, state.accounts, state.options.credentials);
  const fault = state.faults.next(method, emailOf(asked, state.accounts));
  if (!fault) {
    const outcome = perform();
    return answerJson(response, outcome.status, outcome.body);
  }
  if (fault.effect === 'late') state.late.add(perform, fault.lateMs);
  const pretended = { status: method === 'POST' ? 201 : 200, body: { message: 'Done' } };
  misbehave(response, fault, fault.effect === 'before' ? perform() : pretended);
}

function note(state: State, { method, path }: { method: string; path: string }, response: ServerResponse): SandboxCall {
  const at = new Date(Date.now() + state.advancedMs).toISOString();
  const call: SandboxCall = { method, path, status: null, at, members: [] };
  state.calls.push(call);
  response.once('finish', () => {
    call.status = response.statusCode;
  });
  return call;
}

function controls(state: State): Controls {
  return {
    users: state.accounts.list,
    calls: () => state.calls,
    addFaults: (faults) => state.faults.add(...faults),
    land: state.late.land,
    reset: () => reset(state),
    async advance(seconds) {
      state.advancedMs += seconds * 1000;
      await state.options.onClock?.(seconds);
    },
  };
}

function tell(state: State, faults: Fault[]): void {
  state.faults.add(...faults.map((fault) => faultSchema.parse(fault)));
}

function reset(state: State): void {
  state.accounts.clear();
  forgetRun(state);
}

function forgetRun(state: State): void {
  state.late.clear();
  state.faults.clear();
  state.traffic.forget();
  state.calls.length = 0;
  tell(state, state.options.behaviour?.faults ?? []);
}

async function close(state: State, server: Server): Promise<void> {
  state.late.clear();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
