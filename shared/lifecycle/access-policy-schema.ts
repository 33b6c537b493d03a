/** The schema of `access-policy.yml`. What is wrong with one is said in words that need no knowledge of it. */
import * as z from 'zod/mini';
import { unknownName } from './nearest-spelling.ts';
import { PERMISSIONS } from './permission.ts';

/** The attributes that have a name of their own; all others are `attributes.<name>`. */
export const NAMED_ATTRIBUTES = ['department', 'jobTitle', 'location', 'employmentType'] as const;

/** `attributes.<name>`, the name as events spell it. */
export const OWN_ATTRIBUTE = /^attributes\.[A-Za-z][\w.-]{0,63}$/;

const OWN_ATTRIBUTE_SHOWN = 'attributes.<name>';
const ALL_FLAGS_SHOWN = 'a list of flag names, or "*" for all 24';
const CONDITION_SHOWN = 'a text, a list of texts, or "not:" with one of them';

/** The message of a value that is not what it must be. */
function must(shown: string) {
  return { error: ({ input }: { input?: unknown }) => mustBe(shown, input) };
}

/** As above, of a text: YAML reads `4711` as a number. */
function mustText(shown: string) {
  return { error: ({ input }: { input?: unknown }) => mustBe(shown, input) + quotesFor(input) };
}

function mustBe(shown: string, input: unknown): string {
  return input === undefined ? 'is required' : `must be ${shown}`;
}

function quotesFor(input: unknown): string {
  return typeof input === 'number' || typeof input === 'boolean' ? `, not ${input}: put it in quotes` : '';
}

function mustBeFlag(input: unknown): string {
  if (typeof input !== 'string') return mustBe('a flag name', input);
  return input === '*' ? '"*" stands alone: permissions: "*"' : unknownName('flag', input, PERMISSIONS);
}

// Events' texts are trimmed: a text with a space around it would match nobody, and its `not` everybody.
const text = z
  .string(mustText('a text'))
  .check(z.regex(/^\S(.*\S)?$/, 'must be one line, not empty and without a space at either end'));
const texts = z.array(text, must('a list of texts')).check(z.minLength(1, 'must name at least one text'));

const condition = z
  .union(
    [
      text,
      texts,
      z.strictObject({ not: z.union([text, texts], mustText('a text or a list of texts')) }, must(CONDITION_SHOWN)),
    ],
    mustText(CONDITION_SHOWN),
  )
  .check(
    z.describe(
      'A text, any of a list, or "not" any of them. "*" is any run of characters. Case and accents do not count. Nothing matches an attribute that the person does not have.',
    ),
  );

const attribute = z.string().check(
  z.regex(new RegExp(`^(?:${NAMED_ATTRIBUTES.join('|')})$|${OWN_ATTRIBUTE.source}`), {
    error: ({ input }) => unknownName('attribute', String(input), [...NAMED_ATTRIBUTES, OWN_ATTRIBUTE_SHOWN]),
  }),
);

const conditions = z.record(attribute, condition, must('an object of attributes')).check(
  z.refine((when) => Object.keys(when).length > 0, 'must name at least one attribute; everybody is department: "*"'),
  z.describe('Which attributes a person must have. All conditions must hold. Everybody is department: "*".'),
);

const flag = z.enum(PERMISSIONS, { error: ({ input }) => mustBeFlag(input) });

const profile = z
  .strictObject(
    {
      role: text.check(z.describe('The role in Conscent.')),
      permissions: z
        .union([z.literal('*'), z.array(flag, must(ALL_FLAGS_SHOWN))], must(ALL_FLAGS_SHOWN))
        .check(z.describe('The flags that are given, or "*" for all 24. All others are off.')),
    },
    must('an object with role and permissions'),
  )
  .check(z.describe('A role and a set of permissions.'));

const rule = z
  .strictObject(
    {
      when: conditions,
      profile: text.check(z.describe('The name of the profile that the rule gives.')),
    },
    must('an object with when and profile'),
  )
  .check(z.describe('Gives a profile to whoever meets all conditions.'));

/** An access policy as it is written: `"*"` not yet spelled out, and the profiles that rules name not yet looked for. */
export const accessPolicySchema = z.strictObject(
  {
    profiles: z
      .record(text, profile, must('an object of profiles'))
      .check(z.describe('Access profiles by name, for the rules and for grants.')),
    rules: z
      .array(rule, must('a list of rules'))
      .check(
        z.describe(
          'All rules that match a person are united; the first match gives the role. No match means no access.',
        ),
      ),
  },
  must('an object with profiles and rules'),
);

/** Something that is wrong in an access policy, and where. */
export interface PolicyFault {
  path: (string | number)[];
  message: string;
}

/** Turns what the schema found into faults, each unknown member into one of its own. */
export function schemaFaults(issues: readonly z.core.$ZodIssue[], above: PolicyFault['path'] = []): PolicyFault[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownMember(path, key));
    if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }];
    // Of a union's branches the one that was meant is the one that got further than its own kind of value.
    const meant = issue.code === 'invalid_union' ? issue.errors.find((branch) => branch.some(isInside)) : undefined;
    return meant ? schemaFaults(meant, path) : [{ path, message: issue.message }];
  });
}

function isInside({ path }: z.core.$ZodIssue): boolean {
  return path.length > 0;
}

function unknownMember(path: PolicyFault['path'], key: string): PolicyFault {
  return { path: [...path, key], message: unknownName('member', key, membersAt(path)) };
}

function membersAt([part, , inside]: PolicyFault['path']): string[] {
  if (part === undefined) return ['profiles', 'rules'];
  if (part === 'profiles') return ['role', 'permissions'];
  return inside === undefined ? ['when', 'profile'] : ['not'];
}
