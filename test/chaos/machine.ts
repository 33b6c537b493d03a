/** The machine of a run: time, chance, the gate, the services behind it, and the handlers in front of it. One a process. */
import crypto from 'node:crypto';
import type { Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { type EmbeddedAws, startAws } from '../../infra/local/aws.ts';
import { Agenda } from './agenda.ts';
import { type Chance, chanceOf } from './chance.ts';
import { Chronicle } from './chronicle.ts';
import { type Call, conscentOfRun, PATCH_FAULTS, POST_FAULTS, type RunConscent } from './conscent.ts';
import { type Deck, deckOf, Tally } from './deck.ts';
import { Gate } from './gate.ts';
import { type Handlers, loadHandlers } from './handlers.ts';
import { HR_FAULTS, hrOfRun, type RunHr } from './hr.ts';
import { awsServer, LEDGER_FAULTS, QUEUE_FAULTS, SECRET_FAULTS } from './ledger.ts';
import { listen, type Output } from './output.ts';
import { numberOf } from './people.ts';
import { API_KEY, secretsOf } from './secrets.ts';
import { SimulatedTime } from './simulated-time.ts';
import { connectInProcess } from './wire.ts';

/** When every run begins. */
export const START = Date.parse('2026-06-01T06:00:00.000Z');
const CONSCENT_PORT = 9;

/** What a run is played on. */
export interface Machine {
  time: SimulatedTime;
  startedAt: number;
  chance: Chance;
  tally: Tally;
  gate: Gate;
  agenda: Agenda;
  chronicle: Chronicle;
  aws: EmbeddedAws;
  conscent: RunConscent;
  /** What Conscent knows of us, and what our secret says. */
  credentials: { apiKey: string; apiSecret: string };
  secret: { apiKey: string; apiSecret: string };
  hr: RunHr;
  handlers: Handlers;
  output: Output;
  /** Takes a message for the queue. */
  enqueue(body: string, delaySeconds: number): void;
  /** Nothing goes wrong any more. */
  calm(): void;
  /** One worker at a time, and a queue that keeps the order. */
  isOrderly: boolean;
  /** Where Conscent refuses a second account of one address, and we count on it. */
  refusesDuplicates: boolean;
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
  const { seed, refusesDuplicates, isCalm = false } = options;
  const chance = chanceOf(seed);
  const tally = new Tally();
  const time = new SimulatedTime(START);
  const gate = new Gate(time);
  const credentials = { apiKey: 'key-of-the-run', apiSecret: 'first-secret' };
  const secret = { ...credentials };
  const aws = await startAws({ secrets: () => secretsOf(secret) });
  const output = listen();
  const decks = decksOf(chance, tally);
  const machine = {
    startedAt: START,
    ...{
      time,
      chance,
      tally,
      gate,
      agenda: new Agenda(),
      aws,
      chronicle: new Chronicle(time),
      credentials,
      secret,
      output,
      refusesDuplicates,
      isOrderly: false,
    },
    enqueue: () => {},
    calm: () => {
      for (const deck of Object.values(decks)) deck.close();
    },
  };
  if (isCalm) machine.calm();
  return open(machine as unknown as Machine, decks, options);
}

async function open(machine: Machine, decks: Decks, options: MachineOptions): Promise<Machine> {
  const { gate, time, tally, credentials, refusesDuplicates, aws } = machine;
  machine.conscent = conscentOfRun({
    ...{ gate, time, credentials, decks: { POST: decks.post, PATCH: decks.patch } },
    chance: machine.chance.fork('late effects'),
    duplicates: refusesDuplicates ? 'refuse' : 'accept',
    onCall: (call) => tellCall(machine, call),
    onRefusedKey: () => tally.add('conscent 401'),
  });
  const enqueue = (body: string, delaySeconds: number) => machine.enqueue(body, delaySeconds);
  const front = awsServer({ gate, aws: aws.server, decks, enqueue });
  const servers = new Map<number, Server>([
    [Number(new URL(aws.endpoint).port), front],
    [CONSCENT_PORT, machine.conscent.server],
  ]);
  time.rule();
  connectInProcess((port) => servers.get(port));
  machine.hr = hrOfRun({ gate, time, deck: decks.hr, apiKey: API_KEY });
  ruleChance(machine.chance.fork('of the process'));
  machine.handlers = await loadHandlers({
    ...{ ...aws.environment, ...settingsOf(refusesDuplicates), ...options.environment },
  });
  return machine;
}

function tellCall({ chronicle, conscent }: Machine, { method, email, fault, said }: Call): void {
  const down = conscent.isDown ? ' (it is down)' : '';
  chronicle.note(`person ${numberOf(email)}`, `${method} ${said}${down}${fault === null ? '' : `: ${fault}`}`);
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

function decksOf(chance: Chance, tally: Tally) {
  const deck = <T extends string>(kinds: readonly T[], of: string, firstRound: number, after: number): Deck<T> =>
    deckOf(kinds, { of, firstRound, after }, { chance: chance.fork(of), tally });
  return {
    ledger: deck(LEDGER_FAULTS, 'ledger', 0.01, 0.003),
    secrets: deck(SECRET_FAULTS, 'secret', 0.2, 0.1),
    queue: deck(QUEUE_FAULTS, 'queue', 0.1, 0.06),
    post: deck(POST_FAULTS, 'POST', 0.6, 0.1),
    patch: deck(PATCH_FAULTS, 'PATCH', 0.65, 0.08),
    hr: deck(HR_FAULTS, 'HR', 0.4, 0.15),
  };
}

/** Whatever asks Node for chance gets the run's: jitter, ids. Passwords are nobody's business and stay real. */
function ruleChance(chance: Chance): void {
  Math.random = chance.next;
  const hex = (digits: number) => Array.from({ length: digits }, () => chance.whole(0, 15).toString(16)).join('');
  Object.assign(crypto, { randomUUID: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}` });
  syncBuiltinESMExports();
}
