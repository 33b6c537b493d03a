/** Says in words why somebody should hold what they should: the rules, the grants and the dates. */
import { type AccessPolicy, matchingRules } from './access-policy.ts';
import type { Grant } from './fold.ts';
import type { View } from './person.ts';
import type { Snapshot } from './snapshot.ts';
import type { Step } from './step.ts';

/** Why a person should hold what they should at the instant of the view. */
export function explainAccess(view: View, policy: AccessPolicy): string {
  const employment = explainEmployment(view.employment);
  if (view.employment.state !== 'employed') return employment;
  const rules = matchingRules(policy, view.attributes).map((index) => explainRule(policy, index));
  const given = [...rules, ...view.grants.map(explainGrant)];
  return [employment, given.length > 0 ? given.join(', ') : 'no rule matches and no grant counts, so no access'].join(
    '; ',
  );
}

function explainEmployment({ state, start, end }: Snapshot['employment']): string {
  switch (state) {
    case 'unknown':
      return 'no employment was ever stated, so nothing is sent';
    case 'future':
      return `employed from ${start} on, and not before`;
    case 'ended':
      return `the employment ended at ${end}`;
    case 'employed':
      return end === null ? `employed since ${start}` : `employed since ${start}, until ${end}`;
  }
}

function explainRule({ rules }: AccessPolicy, index: number): string {
  const rule = rules[index];
  return `rule ${index + 1} (${Object.keys(rule?.when ?? {}).join(', ')}) gives ${rule?.profile}`;
}

function explainGrant({ key, profile, until }: Grant): string {
  const what = profile ?? 'permissions of its own';
  return `the grant ${key} gives ${what}${until === null ? '' : ` until ${until}`}`;
}

/** Why a step is what brings Conscent there. */
export function explainStep(step: Step, hasAccount: boolean): string {
  switch (step.kind) {
    case 'create':
      return 'there is no account yet';
    case 'update':
      return 'Conscent has not acknowledged exactly this';
    case 'rename':
      return 'Conscent has another address';
    case 'revoke':
      return 'everything is taken away';
    case 'stuck':
      return `a person must act (${step.code})`;
    case 'nothing':
      return hasAccount ? 'Conscent holds exactly this' : 'there is no account';
  }
}
