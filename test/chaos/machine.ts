/** The machine of a run: time, chance, the gate, the services behind it, and the handlers in front of it. One a process. */
import crypto from 'node:crypto';
import type { Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { type EmbeddedAws, startAws } from '../../infra/local/aws.ts';
import { Agenda } from './agenda.ts';
import { type Chance, chanceOf } from './chance.ts';
import { Chronicle } from './chronicle.ts';
import { conscentOfRun, HANGING, PATCH_FAULTS, POST_FAULTS, type RunConscent } from './conscent.ts';
import { type Deck, deckOf, Tally } from './deck.ts';
import { Gate } from './gate.ts';
import { type Handlers, loadHandlers } from './handlers.ts';
import { HR_FAULTS, hrOfRun, type RunHr } from './hr.ts';
import { awsServer, LEDGER_FAULTS, QUEUE_FAULTS, SECRET_FAULTS } from './ledger.ts';
import { listen, type Output } from './output.ts';
import { numberOf } from './people.ts';
import { API_KEY, secretsOf } from './secrets.ts';
import { SimulatedTime } from './simulated-time.ts';
import { CALL_MS, CLAIM_MS, leapAhead } from './weather.ts';
import { connectInProcess } from './wire.ts';
import type { Worker } from './workers.ts';

/** When every run begins. */
export const START = Date.parse('2026-06-01T06:00:00.000Z');
const CONSCENT_PORT = 9;

/** What there is before anything is connected. */
interface Base {
  time: SimulatedTime;
  startedAt: number;
  chance: Chance;
  tally: Tally;
  gate: Gate;
  agenda: Agenda;
  chronicle: Chronicle;
  output: Output;
  /** What Conscent knows of us, and what our secret says. */
  credentials: { apiKey: string; apiSecret: string };
  secret: { apiKey: string; apiSecret: string };
  /** One worker at a time, and a queue that keeps the order. */
  isOrderly: boolean;
  /** Where Conscent refuses a second account of one address, and we count on it. */
  refusesDuplicates: boolean;
  /** Takes a message for the queue. */
  enqueue(body: string, delaySeconds: number): void;
  /** A worker's call hangs: another one may take over its claim. */
  overtake(worker: Worker): void;
}

/** What a run is played on. */
export interface Machine extends Base {
  aws: EmbeddedAws;
  conscent: RunConscent;
  hr: RunHr;
  handlers: Handlers;
  /** Nothing goes wrong any more. */
  calm(): void;
}

/** How a machine is set up. */
export interface MachineOptions {
  seed: number;
  refusesDuplicates: boolean;
  /** No faults are dealt. */
  isCalm?: boolean;
  /** Settings of the handlers, besides what they need. */
  environment?: Record<string, string>;
}

/** Sets a machine up, and warms the handlers up: what they load when they are first used is loaded then. */
export async function machineOf(options: MachineOptions): Promise<Machine> {
  const base = baseOf(options);
  const { gate, time, chance, secret } = base;
  const decks = decksOf(base);
  if (options.isCalm) close(decks);
  const aws = await startAws({ secrets: () => secretsOf(secret) });
  const conscent = conscentFor(base, decks);
  connect(base, { aws, conscent, decks });
  time.rule();
  ruleChance(chance.fork('of the process'));
  const hr = hrOfRun({ gate, time, deck: decks.hr, apiKey: API_KEY });
  const environment = { ...aws.environment, ...settingsOf(options.refusesDuplicates), ...options.environment };
  const handlers = await loadHandlers(environment);
  return Object.assign(base, { aws, conscent, hr, handlers, calm: () => close(decks) });
}

function baseOf({ seed, refusesDuplicates }: MachineOptions): Base {
  const time = new SimulatedTime(START);
  const key = { apiKey: 'key-of-the-run', apiSecret: 'first-secret' };
  return {
    ...{ time, startedAt: START, refusesDuplicates, isOrderly: false },
    ...{ chance: chanceOf(seed), tally: new Tally(), gate: new Gate(time), agenda: new Agenda() },
    ...{ chronicle: new Chronicle(time), output: listen(), credentials: { ...key }, secret: { ...key } },
    enqueue: () => {},
    overtake: () => {},
  };
}

function conscentFor(base: Base, decks: Decks): RunConscent {
  const { gate, time, tally, chance, chronicle, credentials, refusesDuplicates } = base;
  return conscentOfRun({
    ...{ gate, time, credentials, decks: { POST: decks.post, PATCH: decks.patch } },
    chance: chance.fork('late effects'),
    duplicates: refusesDuplicates ? 'refuse' : 'accept',
    onCall: ({ method, email, fault, said }, worker) => {
      chronicle.note(`person ${numberOf(email)}`, `${method} ${said}${fault === null ? '' : `: ${fault}`}`);
      // A create that may have had an effect is repeated by nobody, unless a second one is refused.
      const isRepeated = method === 'PATCH' || refusesDuplicates;
      if (isRepeated && HANGING.includes(fault ?? '')) base.overtake(worker);
    },
    onRefusedKey: () => tally.add('conscent 401'),
  });
}

function connect(base: Base, { aws, conscent, decks }: Pick<Machine, 'aws' | 'conscent'> & { decks: Decks }): void {
  const enqueue = (body: string, delaySeconds: number) => base.enqueue(body, delaySeconds);
  const onClaim = () => {
    if (base.time.ahead() <= 0 && decks.claim.deal()) leapAhead(base, CLAIM_MS - CALL_MS);
  };
  const servers = new Map<number, Server>([
    [
      Number(new URL(aws.endpoint).port),
      awsServer({ gate: base.gate, aws: aws.server, decks, conflictsOwed: 0, onClaim, enqueue }),
    ],
    [CONSCENT_PORT, conscent.server],
  ]);
  connectInProcess((port) => servers.get(port));
}

function settingsOf(refusesDuplicates: boolean): Record<string, string> {
  return {
    CONSCENT_BASE_URL: `http://127.0.0.1:${CONSCENT_PORT}/api/`,
    CONSCENT_REFUSES_DUPLICATES: String(refusesDuplicates),
    LOG_LEVEL: 'ERROR',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
}

type Decks = ReturnType<typeof decksOf>;

function decksOf({ chance, tally }: Base) {
  const deck = <T extends string>(kinds: readonly T[], of: string, firstRound: number, after: number): Deck<T> =>
    deckOf(kinds, { of, firstRound, after }, { chance: chance.fork(of), tally });
  return {
    ledger: deck(LEDGER_FAULTS, 'ledger', 0.01, 0.003),
    secrets: deck(SECRET_FAULTS, 'secret', 0.2, 0.1),
    queue: deck(QUEUE_FAULTS, 'queue', 0.1, 0.06),
    post: deck(POST_FAULTS, 'POST', 0.6, 0.1),
    patch: deck(PATCH_FAULTS, 'PATCH', 0.65, 0.08),
    claim: deck(['outlived before its call'], 'claim', 0.2, 0.15),
    hr: deck(HR_FAULTS, 'HR', 0.4, 0.15),
  };
}

function close(decks: Decks): void {
  for (const deck of Object.values(decks)) deck.close();
}

/** Whatever asks Node for chance gets the run's: jitter, ids. Passwords are nobody's business and stay real. */
function ruleChance(chance: Chance): void {
  Math.random = chance.next;
  const hex = (digits: number) => Array.from({ length: digits }, () => chance.whole(0, 15).toString(16)).join('');
  Object.assign(crypto, { randomUUID: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}` });
  syncBuiltinESMExports();
}
