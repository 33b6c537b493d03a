/** `access-policy.schema.json`, for editors: generated from the schema that validates, so that there is no second copy. */
import * as z from 'zod/mini';
import { accessPolicySchema, NAMED_ATTRIBUTES, OWN_ATTRIBUTE } from '../../shared/lifecycle/access-policy-schema.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const CONDITION = { $ref: '#/definitions/condition' };

/** The text of the file. Draft 7, which the YAML language server of the editors knows best. */
export function policyJsonSchema(): string {
  const definitions: Record<string, JsonSchema> = {};
  const schema = z.toJSONSchema(accessPolicySchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema, path }) => {
      if (path.at(-1) === 'when') definitions['condition'] = nameAttributes(jsonSchema);
    },
  });
  return `${JSON.stringify({ title: 'Access policy of conscent-lifecycle', ...schema, definitions }, null, 2)}\n`;
}

/** Editors complete `properties` and not names that only match a pattern. Returns the schema of a condition. */
function nameAttributes(when: JsonSchema): JsonSchema {
  const condition = when.additionalProperties;
  if (typeof condition !== 'object') throw new Error('The conditions of a rule are no record any more');
  delete when.propertyNames;
  when.minProperties = 1;
  when.properties = Object.fromEntries(NAMED_ATTRIBUTES.map((name) => [name, CONDITION]));
  when.patternProperties = { [OWN_ATTRIBUTE.source]: CONDITION };
  when.additionalProperties = false;
  return condition;
}
