import { readCommandLine, UsageError } from './command-line.ts';

/** What was asked for on the command line; a missing file is the policy in force. */
export type PolicyCommand =
  | { command: 'help' | 'schema' }
  | { command: 'check'; file: string | undefined }
  | { command: 'explain'; file: string | undefined; person: Record<string, unknown> }
  | { command: 'diff'; before: string; after: string; people: string | undefined };

/** What may be written on the command line, for people. */
export const USAGE = `npm run policy -- explain [file.yml] [--department …] [--jobTitle …] [--location …] [--employmentType …]
                          [--attribute name=value …]    which rules match such a person, and what they give
npm run policy -- check [file.yml]                      what is wrong with a policy (exit code 1), or its hash
npm run policy -- diff old.yml new.yml [people.ndjson]  what differs, and which of the people gain or lose what
npm run policy -- schema                                writes access-policy.schema.json

Where no file is given, ACCESS_POLICY_FILE (access-policy.yml) is read. A person is a JSON object in a line of its own:
{"email":"ana@example.com","department":"Finance","attributes":{"costCentre":"4711"}}
`;

const string = { type: 'string' } as const;
const OPTIONS = {
  help: { type: 'boolean' },
  department: string,
  jobTitle: string,
  location: string,
  employmentType: string,
  attribute: { type: 'string', multiple: true },
} as const;

/** Throws {@link UsageError} for a command or an option that does not exist, and for too many or too few files. */
export function readArguments(argv: readonly string[]): PolicyCommand {
  const { values, positionals } = readCommandLine(argv, OPTIONS);
  const [command, ...files] = positionals;
  const { help, ...person } = values;
  if (help) return { command: 'help' };
  if (command !== 'explain' && Object.keys(person).length > 0) throw new UsageError('Only explain takes options.');
  if (command === 'explain') return { command, file: atMostOne(files), person: personOf(person) };
  if (command === 'check') return { command, file: atMostOne(files) };
  if (command === 'diff') return { command, ...filesToCompare(files) };
  if (command === 'schema' && files.length === 0) return { command };
  throw new UsageError(command === 'schema' ? 'schema takes no file.' : `No such command: ${command ?? 'none given'}.`);
}

function personOf({ attribute = [], ...named }: { attribute?: string[] }): Record<string, unknown> {
  const own = attribute.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--attribute must be name=value, not ${JSON.stringify(text)}.`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return { ...named, ...(own.length > 0 && { attributes: Object.fromEntries(own) }) };
}

function atMostOne([file, ...others]: string[]): string | undefined {
  if (others.length > 0) throw new UsageError(`One file only, not also ${others.join(', ')}.`);
  return file;
}

function filesToCompare([before, after, people, ...others]: string[]) {
  if (before === undefined || after === undefined || others.length > 0) {
    throw new UsageError('diff takes two policies and at most one file of people.');
  }
  return { before, after, people };
}
