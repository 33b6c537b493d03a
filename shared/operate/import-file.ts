/** What an imported file says, line by line. A line that is wrong stops no other; only a header that is wrong, or too much, stops the file. */
import { Problem, type Violation } from '../lifecycle/errors.ts';
import { type CsvRow, csvRows, type FileLine, ndjsonLines, textOf } from './file-lines.ts';

/** The media types that are read. */
export const IMPORT_TYPES = ['text/csv', 'application/x-ndjson'] as const;

/** One of them. */
export type ImportType = (typeof IMPORT_TYPES)[number];

/** What a line says, as members by name that nobody has checked yet; or why nothing can be read, and what to do. */
export type LineRead = { line: number } & ({ members: unknown } | { error: string });

/** How many lines, header and blank ones not counted, one request may have. */
export const MAX_LINES = 1_000;

const COLUMNS = ['email', 'userId', 'role', 'permissions'];
const REQUIRED = ['email', 'userId'];

/** Why a row is failed whose quotes cannot be read. */
export const BROKEN_QUOTES = 'A quote is not closed, or stands where none may. Write "" for a quote within quotes.';

const NOT_UTF8 = 'The line is not UTF-8. Save the file as UTF-8 and import the line again.';

/** @throws Problem `invalid-request` where the file is empty, has too many lines or a header that is wrong. */
export function readImport(type: ImportType, file: Uint8Array): LineRead[] {
  if (file.length === 0) throw invalid('Send a file with one person a line.', [{ pointer: '', detail: 'is empty' }]);
  if (type === 'application/x-ndjson') return atMost(MAX_LINES, ndjsonLines(file)).map(readJsonLine);
  const rows = atMost(MAX_LINES + 1, csvRows(file));
  const columns = readHeader(rows[0]);
  return rows.slice(1).map((row) => readRow(row, columns));
}

/** A file is not read to its end only to be refused. */
function atMost<T>(count: number, lines: Iterable<T>): T[] {
  const taken: T[] = [];
  for (const line of lines) {
    if (taken.length === count) {
      const detail = `must have at most ${MAX_LINES} lines`;
      throw invalid('Split the file, or use `npm run import`, which does.', [{ pointer: '', detail }]);
    }
    taken.push(line);
  }
  return taken;
}

function readHeader(row: CsvRow | undefined): string[] {
  const columns = (row && textOf(row.bytes) !== null ? row.cells : null)?.map((cell) => cell.trim());
  const found = columns ? wrongIn(columns) : [{ pointer: '', detail: 'must begin with a header line in UTF-8' }];
  if (!columns || found.length > 0) {
    throw invalid(`Begin the file with the names of its columns, separated by commas: ${COLUMNS.join(',')}.`, found);
  }
  return columns;
}

function wrongIn(columns: readonly string[]): Violation[] {
  const at = (column: string) => `/${column.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const unknown = columns.filter((column) => !COLUMNS.includes(column));
  const repeated = columns.filter((column, index) => COLUMNS.includes(column) && columns.indexOf(column) !== index);
  const missing = REQUIRED.filter((column) => !columns.includes(column));
  return [
    ...unknown.slice(0, 50).map((column) => ({ pointer: at(column), detail: 'is not a known column' })),
    ...repeated.slice(0, 50).map((column) => ({ pointer: at(column), detail: 'is there more than once' })),
    ...missing.map((column) => ({ pointer: at(column), detail: 'is required' })),
  ];
}

function readRow({ line, lastLine, bytes, cells }: CsvRow, columns: readonly string[]): LineRead {
  if (textOf(bytes) === null) return { line, error: NOT_UTF8 };
  if (cells === null) return { line, error: BROKEN_QUOTES };
  if (cells.length !== columns.length) {
    // How many, not which: they have other numbers in the file that this one may have been cut from.
    const spans = lastLine > line ? ` It runs over ${lastLine - line + 1} lines: a quote may not be closed.` : '';
    const counts = `The line has ${cells.length} columns where the header has ${columns.length}.`;
    return { line, error: `${counts}${spans} Quote a field that holds a comma.` };
  }
  // An empty cell of a column that may be missing says nothing, as a missing column does.
  const said = columns.map((column, index) => [column, cells[index] ?? ''] as const);
  const given = said.filter(([column, cell]) => REQUIRED.includes(column) || cell.trim() !== '');
  return { line, members: Object.fromEntries(given) };
}

function readJsonLine({ line, bytes }: FileLine): LineRead {
  const text = textOf(bytes);
  if (text === null) return { line, error: NOT_UTF8 };
  try {
    return { line, members: JSON.parse(text) };
  } catch {
    return { line, error: 'The line is not JSON. Send one object a line, without line breaks within it.' };
  }
}

function invalid(detail: string, found: Violation[]): Problem {
  return new Problem('invalid-request', detail, { violations: found });
}
