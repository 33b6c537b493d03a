/** An access policy as a file: what it holds, or everything that is wrong with it and in which line. */
import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { type AccessPolicy, policyWarnings } from '../shared/lifecycle/access-policy.ts';
import { faultInWords, policyFaults, readAccessPolicy } from '../shared/lifecycle/access-policy-faults.ts';
import { policyHash } from '../shared/platform/policy-hash.ts';

/** Something to say of a file; line and column count from 1. */
export interface Finding {
  line: number;
  column: number;
  message: string;
}

/** What was read. `policy` is `null` exactly where there are faults. */
export interface PolicyFile {
  policy: AccessPolicy | null;
  faults: Finding[];
  /** Tags that are read as plain text; sensitive flags for everyone are {@link policyWarnings}. */
  warnings: Finding[];
}

/** Reads a policy with the hash that it has when deployed. @throws the error of the file system where the file cannot be read. */
export function readPolicyFile(file: string): PolicyFile {
  const lines = new LineCounter();
  // At the level `silent` a second document would pass.
  const doc = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const finding = (at: number, message: string): Finding => {
    const { line, col } = lines.linePos(at);
    // Before the first line a place has no line.
    return { line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  const warnings = doc.warnings.map(({ pos, message }) => finding(pos[0], message));
  const [value, ...unread] = contentOf(doc, finding);
  if (unread.length > 0) return { policy: null, faults: unread, warnings };
  const faults = policyFaults(value).map((fault) => finding(placeOf(doc, fault.path), faultInWords(fault)));
  return { policy: faults.length > 0 ? null : readAccessPolicy(value, policyHash(value)), faults, warnings };
}

/** The value, and what of the YAML could not be read. */
function contentOf(doc: Document.Parsed, finding: Place): [unknown, ...Finding[]] {
  const errors = doc.errors.map(({ pos, message }) => finding(pos[0], quoteHint(message)));
  const unread = [...errors, ...lostAliases(doc, finding)];
  if (unread.length > 0) return [null, ...unread];
  try {
    return [doc.toJS()];
  } catch (error) {
    // Aliases of aliases of aliases, which would fill the memory.
    return [null, finding(0, error instanceof Error ? error.message : String(error))];
  }
}

/** A finding as compilers write it, so that editors and terminals make it a link. */
export function findingLine(file: string, { line, column, message }: Finding): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** A policy's warnings, those of YAML first, each as a line that begins with the file's name. */
export function warningLines(file: string, { policy, warnings }: PolicyFile): string[] {
  const messages = [
    ...warnings.map(({ line, message }) => `line ${line}: ${message}`),
    ...(policy ? policyWarnings(policy) : []),
  ];
  return messages.map((message) => `${file}: warning: ${message}`);
}

type Place = (at: number, message: string) => Finding;

/** YAML notices only while it resolves them, and then without a place, that `*Finance` names an anchor that does not exist. */
function lostAliases(doc: Document.Parsed, finding: Place): Finding[] {
  const found: Finding[] = [];
  visit(doc, {
    Alias: (_, alias) => {
      if (alias.source === '' || alias.resolve(doc)) return;
      found.push(finding(alias.range?.[0] ?? 0, quoteHint(`Unresolved alias *${alias.source}`)));
    },
  });
  return found;
}

function quoteHint(message: string): string {
  return /alias/i.test(message) ? `${message}; a text that begins with * goes in quotes` : message;
}

/** Where the last step of a path that exists begins: the key of a member, an item of a list. */
function placeOf(doc: Document.Parsed, path: readonly (string | number)[]): number {
  let node: unknown = doc.contents;
  let place = 0;
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step) : undefined;
    const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    const at = pair?.key ?? item;
    if (!isNode(at)) break;
    place = at.range?.[0] ?? place;
    node = pair ? pair.value : item;
  }
  return place;
}
