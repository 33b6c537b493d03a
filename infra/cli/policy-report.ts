/** What `npm run policy` prints, as lines made of policies and people: no file, no clock, nothing printed here. */
import {
  type AccessPolicy,
  type Attributes,
  failedConditions,
  matchingRules,
  policyAccess,
  type Rule,
} from '../../shared/lifecycle/access-policy.ts';
import type { Condition } from '../../shared/lifecycle/condition.ts';
import { PERMISSIONS, type Permission } from '../../shared/lifecycle/permission.ts';

/** Which rules match somebody, why the others do not, and the role and 24 flags that come of it. */
export function explanation(policy: AccessPolicy, attributes: Attributes): string[] {
  const known = Object.entries(attributes).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [
    `person  ${known.join(', ') || 'of whom nothing is known'}`,
    '',
    ...policy.rules.map((rule, index) => ruleLine(rule, index, attributes)),
    '',
    ...accessLines(policy, attributes),
  ];
}

function ruleLine(rule: Rule, index: number, attributes: Attributes): string {
  const failed = failedConditions(rule, attributes);
  const verdict = failed.length === 0 ? 'matches       ' : 'does not match';
  const why = failed.map((name) => reason(name, attributes[name]));
  return `rule ${index + 1}  ${verdict}  ${ruleInWords(rule)}${why.length > 0 ? `: ${why.join(', ')}` : ''}`;
}

function reason(name: string, value: string | undefined): string {
  return value === undefined ? `${name} is not known` : `${name} is ${JSON.stringify(value)}`;
}

/** The flags with the rules they come from. An account without a flag is none (DESIGN rule 5). */
function accessLines(policy: AccessPolicy, attributes: Attributes): string[] {
  const access = policyAccess(policy, attributes);
  if (!access) return ['role    none: no rule matches, so there is no access and no account', ...flagLines([])];
  if (access.permissions.length === 0) {
    return ['role    none: no matching rule gives a flag, so there is no access and no account', ...flagLines([])];
  }
  const numbers = matchingRules(policy, attributes).map((index) => index + 1);
  const [first] = numbers;
  const from = (flag: Permission) => numbers.filter((number) => gives(policy, number, flag));
  return [
    `role    ${access.role} (rule ${first})`,
    ...flagLines(PERMISSIONS.map((flag) => [flag, from(flag)] as const).filter(([, rules]) => rules.length > 0)),
  ];
}

function gives({ rules, profiles }: AccessPolicy, number: number, flag: Permission): boolean {
  return profiles[rules[number - 1]?.profile ?? '']?.permissions.includes(flag) ?? false;
}

function flagLines(given: readonly (readonly [Permission, number[]])[]): string[] {
  const rules = new Map(given);
  return PERMISSIONS.map((flag) => {
    const from = rules.get(flag);
    return `  ${flag.padEnd(20)} ${from ? `true   (rule ${from.join(', ')})` : 'false'}`;
  });
}

/** A rule in words: `finance when department is "Finance"`. */
export function ruleInWords({ profile, when }: Rule): string {
  const conditions = Object.entries(when).map(([name, condition]) => `${name} is ${conditionInWords(condition)}`);
  return `${profile} when ${conditions.join(' and ')}`;
}

function conditionInWords(condition: Condition): string {
  if (typeof condition === 'string') return JSON.stringify(condition);
  if (Array.isArray(condition)) return condition.map((text) => JSON.stringify(text)).join(' or ');
  return `not ${conditionInWords(condition.not)}`;
}
