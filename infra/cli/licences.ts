/** `npm run licences`: under which licences the packages stand that a function may hold. */
import { type Component, productionSbom } from './sbom.ts';

// What may be shipped within closed software, with its text kept. Whatever else appears is for a person to read.
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MIT-0'];

/** The SPDX expression of a package's licence, or `null` where it names none. */
export function licenceOf({ licenses = [] }: Component): string | null {
  const terms = licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '');
  return terms.length === 0 || terms.includes('') ? null : terms.join(' AND ');
}

/** Those whose licence nobody has said yes to. */
export function unknownLicences(components: readonly Component[]): Component[] {
  return components.filter((component) => !PERMISSIVE.includes(licenceOf(component) ?? ''));
}

function line(component: Component): string {
  return `${(licenceOf(component) ?? 'none').padEnd(12)} ${component['bom-ref']}\n`;
}

if (import.meta.main) {
  const { components } = productionSbom();
  const unknown = unknownLicences(components);
  process.stdout.write(components.map(line).join(''));
  process.stderr.write(unknown.map((component) => `Not known to be permissive: ${line(component)}`).join(''));
  process.exitCode = unknown.length === 0 ? 0 : 1;
}
