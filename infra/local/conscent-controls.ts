/** The routes under `/_sandbox`: what a person or a test asks of the sandbox itself. They need no credentials; it is on loopback. */
import { z } from 'zod';
import { type Outcome, refusal } from './conscent-accounts.ts';
import { faultSchema, type ReadFault } from './conscent-faults.ts';

/** What the control routes reach. */
export interface Controls {
  users(): unknown;
  calls(): unknown;
  addFaults(faults: ReadFault[]): void;
  land(): number;
  reset(): void;
  advance(seconds: number): Promise<void>;
}

type Route = (controls: Controls, body: unknown) => Outcome | ListOutcome | Promise<Outcome>;
interface ListOutcome {
  status: number;
  body: unknown;
}

/** A century is further than any date of the domain needs, and keeps every clock within what `Date` can hold. */
const clockSchema = z.strictObject({ advanceSeconds: z.number().positive().max(3_155_760_000) });
const faultsSchema = z.union([z.array(faultSchema), faultSchema.transform((fault) => [fault])]);

const ROUTES: Record<string, Record<string, Route>> = {
  '/_sandbox/users': { GET: (controls) => ({ status: 200, body: controls.users() }) },
  '/_sandbox/calls': { GET: (controls) => ({ status: 200, body: controls.calls() }) },
  '/_sandbox/faults': { POST: addFaults },
  '/_sandbox/land': { POST: (controls) => ({ status: 200, body: { landed: controls.land() } }) },
  '/_sandbox/reset': { POST: reset },
  '/_sandbox/clock': { POST: moveClock },
};

/** Answers a control route. With `clockOnly`, when the real Conscent is in use, nothing but the clock is there. */
export async function control(
  request: { method: string; path: string; readBody: () => Promise<unknown> },
  controls: Controls,
  clockOnly: boolean,
): Promise<ListOutcome> {
  const isThere = Object.hasOwn(ROUTES, request.path) && (!clockOnly || request.path === '/_sandbox/clock');
  const methods = isThere ? ROUTES[request.path] : undefined;
  if (!methods) return refusal(404, 'Not Found', `Cannot ${request.method} ${request.path}`);
  const route = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (!route) return refusal(405, 'Method Not Allowed', `Use ${Object.keys(methods).join(', ')}`);
  return route(controls, request.method === 'POST' ? await request.readBody() : undefined);
}

function addFaults(controls: Controls, body: unknown): Outcome {
  const faults = faultsSchema.safeParse(body);
  if (!faults.success) return refusal(400, 'Bad Request', z.prettifyError(faults.error));
  controls.addFaults(faults.data);
  return { status: 200, body: { added: faults.data.length } };
}

function reset(controls: Controls): Outcome {
  controls.reset();
  return { status: 200, body: { reset: true } };
}

async function moveClock(controls: Controls, body: unknown): Promise<Outcome> {
  const clock = clockSchema.safeParse(body);
  if (!clock.success) return refusal(400, 'Bad Request', 'advanceSeconds must be a positive number');
  await controls.advance(clock.data.advanceSeconds);
  return { status: 200, body: { advancedSeconds: clock.data.advanceSeconds } };
}
