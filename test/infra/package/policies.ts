/** The policies of a packaged role, one grant a line. */
import * as z from 'zod/mini';
import type { Grant } from './grants.ts';
import { type FunctionName, idOf, type Template } from './packaged.ts';

const one = <T extends z.ZodMiniType>(schema: T) => z.union([schema, z.array(schema)]);
const resourceSchema = z.union([
  z.string(),
  z.strictObject({ Ref: z.string() }),
  z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  z.strictObject({ 'Fn::Sub': z.string().check(z.regex(/^\$\{\w+\.Arn\}\/index\/\w+$/)) }),
]);
/** Anything that is not expected here, such as a second condition or `NotAction`, does not parse. */
const statementSchema = z.strictObject({
  Effect: z.literal('Allow'),
  Action: one(z.string()),
  Resource: one(resourceSchema),
  Condition: z.optional(
    z.strictObject({
      'ForAllValues:StringLike': z.strictObject({ 'dynamodb:LeadingKeys': z.tuple([z.string()]) }),
      Null: z.strictObject({ 'dynamodb:LeadingKeys': z.literal('false') }),
    }),
  ),
});
const roleSchema = z.strictObject({
  AssumeRolePolicyDocument: z.strictObject({
    Version: z.literal('2012-10-17'),
    Statement: z.tuple([
      z.strictObject({
        Effect: z.literal('Allow'),
        Principal: z.strictObject({ Service: z.literal('lambda.amazonaws.com') }),
        Action: z.literal('sts:AssumeRole'),
      }),
    ]),
  }),
  Policies: z.array(
    z.strictObject({
      PolicyName: z.string(),
      PolicyDocument: z.strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(statementSchema) }),
    }),
  ),
});

/** All that a function's role grants. @throws where it grants in a way that the table has no words for. */
export function grantsOf({ Resources }: Template, name: FunctionName): Grant[] {
  const { Policies } = roleSchema.parse(Resources[idOf(name, 'Role')]?.Properties);
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).flatMap((statement) => {
    const condition = statement.Condition?.['ForAllValues:StringLike']['dynamodb:LeadingKeys'][0];
    const where = condition === undefined ? '' : ` where the key is like ${condition}`;
    return many(statement.Action).flatMap((action) =>
      many(statement.Resource).map((resource): Grant => `${action} → ${nameOf(resource)}${where}`),
    );
  });
}

function many<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function nameOf(resource: z.output<typeof resourceSchema>): string {
  if (typeof resource === 'string') return resource;
  if ('Ref' in resource) return resource.Ref;
  if ('Fn::GetAtt' in resource) return resource['Fn::GetAtt'][0];
  return resource['Fn::Sub'].replace(/^\$\{(\w+)\.Arn\}/, '$1');
}
