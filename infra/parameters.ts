/** What a deployment's parameters (serverless.yml, `params`) must be. A wrong one would deploy, and be found out when something is missing. */
import { readConfig } from '../shared/platform/config.ts';

type Values = Readonly<Record<string, unknown>>;

/** The parameters by where they stand: under `default`, under a stage, and as options `--param="name=value"`. */
export interface Parameters {
  defaults: Values;
  ofStage: Values;
  options: readonly string[];
}

/** Of each function, resolved as far as it can be before there is a stack: references are objects still. */
type Environments = readonly Values[];

interface Rule {
  isMet(text: string): boolean;
  is: string;
}

const FLAG: Rule = { isMet: (text) => text === 'true' || text === 'false', is: 'true or false' };
const RATE: Rule = { isMet: (text) => /^[1-9]\d*$/.test(text), is: 'a whole number above 0' };
const ADDRESS: Rule = { isMet: (text) => /^([^\s@]+@[^\s@]+\.[^\s@]+)?$/.test(text), is: 'an email address' };

/** Those that no function reads, and that osls has no schema for: it hands them on to CloudFormation as they are. */
const RULES: Readonly<Record<string, Rule>> = {
  alarmEmail: ADDRESS,
  throttleRate: RATE,
  throttleBurst: RATE,
  reserveConcurrency: FLAG,
  deletionProtection: FLAG,
};

/** All that is wrong, a line each. */
export function parameterFaults(parameters: Parameters, environments: Environments): string[] {
  return [...new Set([...unknownNames(parameters), ...brokenRules(parameters), ...environments.flatMap(refusals)])];
}

/** What is in force: an option wins over the stage, and the stage over the default; one without a value does not count. */
export function inForce({ defaults, ofStage, options }: Parameters): Values {
  const set = Object.entries(ofStage).filter(([, value]) => value !== null);
  return { ...defaults, ...Object.fromEntries(set), ...Object.fromEntries(options.map(nameAndValue)) };
}

function nameAndValue(option: string): [name: string, value: string] {
  const [name = '', ...value] = option.split('=');
  return [name, value.join('=').trimEnd()];
}

function unknownNames({ defaults, ofStage, options }: Parameters): string[] {
  const named = [...Object.keys(ofStage), ...options.map((option) => nameAndValue(option)[0])];
  const unknown = named.filter((name) => !Object.hasOwn(defaults, name));
  return unknown.map((name) => `${name} is no parameter: serverless.yml has them all under params.default`);
}

function brokenRules(parameters: Parameters): string[] {
  const values = inForce(parameters);
  const broken = Object.entries(RULES).filter(([name, { isMet }]) => !isMet(String(values[name])));
  return broken.map(([name, { is }]) => `${name} must be ${is}`);
}

/** What a function would say at its cold start, of the parameter behind each variable. */
function refusals(environment: Values): string[] {
  try {
    readConfig(Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, textOf(value)])));
    return [];
  } catch (error) {
    const { message } = error as Error;
    const faults = message.replace(/^Configuration: /, '').split('; ');
    return faults.map((fault) => fault.replace(/^[A-Z_]+/, parameterOf));
  }
}

/** A reference is to something of the stack's own; only its kind can be said now, and a URL is as good a text as any. */
function textOf(value: unknown): string {
  const isReference = typeof value === 'object' && value !== null && 'Ref' in value;
  return isReference ? 'https://stack.invalid' : String(value);
}

/** `guardLimit` of `GUARD_LIMIT`. */
function parameterOf(variable: string): string {
  return variable.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
