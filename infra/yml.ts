/**
 * `*.yml` as a module, for the bundler, the tests and plain Node alike. Nothing parses YAML at run time, so no parser is deployed.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The value of a YAML file. Tags of CloudFormation (`!Ref`, `!GetAtt`) read as the text behind them. */
export function readYml(file: string): unknown {
  // Without `logLevel` every unknown tag is a warning on stderr.
  return parse(readFileSync(file, 'utf8'), { logLevel: 'error' });
}

/** The file that stands behind an imported `*.yml`: `ACCESS_POLICY_FILE` (DESIGN §6) is in force instead of the shipped policy. */
export function ymlInForce(file: string, policyFile?: string): string {
  return policyFile && file.endsWith('/access-policy.yml') ? policyFile : file;
}

/** The JavaScript of a `*.yml` module: the file's value as default export, and `builtAt`, the instant of this call. */
export function ymlModule(file: string): string {
  // JSON.parse and not a literal, in which `__proto__` would be no member.
  const value = `/* @__PURE__ */ JSON.parse(${JSON.stringify(JSON.stringify(readYml(file)))})`;
  return `export default ${value};\nexport const builtAt = ${JSON.stringify(new Date().toISOString())};\n`;
}
