/** The lines of a CSV or NDJSON file, each where it stands in the bytes, so that errors name it and a large file can be cut between two. */
import { CsvError, parse } from 'csv-parse/sync';

/** A line of NDJSON, or a row of CSV with all the lines it spans. Blank ones are left out. */
export interface FileLine {
  /** The 1-based number of its first line in the file. */
  line: number;
  /** The number of its last line: a quoted field of CSV may span lines. */
  lastLine: number;
  /** As it stands in the file, with its line break. */
  bytes: Uint8Array;
}

/** A row of CSV. `cells` is `null` where its quotes cannot be read; such a row is one line, and the rows after it are read all the same. */
export interface CsvRow extends FileLine {
  cells: string[] | null;
}

const BOM = [0xef, 0xbb, 0xbf];
const [LF, CR] = [0x0a, 0x0d];

/** Reads the rows of a CSV file (RFC 4180, any line break, with or without a byte order mark), the header like any other. */
export function* csvRows(file: Uint8Array): Generator<CsvRow> {
  const bytes = withoutMark(file);
  const lineAt = lineCounter(bytes);
  for (let from = 0; from < bytes.length; ) {
    const { rows, end } = readRows(bytes, from);
    for (const { start, end, cells } of rows) {
      if (cells.every((cell) => cell.trim() === '')) continue;
      yield { line: lineAt(start), lastLine: lineAt(end - 1), bytes: bytes.subarray(start, end), cells };
    }
    from = endOfLine(bytes, end);
    if (end < bytes.length) {
      yield { line: lineAt(end), lastLine: lineAt(end), bytes: bytes.subarray(end, from), cells: null };
    }
  }
}

interface RowAt {
  start: number;
  end: number;
  cells: string[];
}

/** The rows up to the end of the file, or to one whose quotes cannot be read; `end` is where they end. */
function readRows(bytes: Uint8Array, from: number): { rows: RowAt[]; end: number } {
  const rows: RowAt[] = [];
  let end = from;
  const on_record = (cells: string[], info: { bytes: number }) => {
    // The parser's own count of lines is wrong after a CRLF within quotes; its count of bytes is not.
    const start = end;
    end = from + info.bytes;
    rows.push({ start, end, cells });
    return null;
  };
  try {
    parse(bytes.subarray(from), { record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, on_record });
    return { rows, end: bytes.length };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows, end };
  }
}

/** Reads the lines of an NDJSON file. */
export function* ndjsonLines(file: Uint8Array): Generator<FileLine> {
  const bytes = withoutMark(file);
  for (let from = 0, line = 1; from < bytes.length; line += 1) {
    const next = bytes.indexOf(LF, from);
    const end = next === -1 ? bytes.length : next + 1;
    const own = bytes.subarray(from, end);
    if (!own.every(isSpace)) yield { line, lastLine: line, bytes: own };
    from = end;
  }
}

/** The text of bytes that are UTF-8, else `null`. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Some gateway on the way has replaced what was not UTF-8.
    return text.includes('\ufffd') ? null : text;
  } catch {
    return null;
  }
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return BOM.every((byte, index) => bytes[index] === byte) ? bytes.subarray(BOM.length) : bytes;
}

function isSpace(byte: number): boolean {
  return byte === LF || byte === CR || byte === 0x20 || byte === 0x09;
}

/** Answers the number of the line that a byte stands on. To be asked for places that never go back. */
function lineCounter(bytes: Uint8Array): (place: number) => number {
  let [at, line] = [0, 1];
  return (place) => {
    for (; at < place; at += 1) if (isBreak(bytes, at)) line += 1;
    return line;
  };
}

/** Whether a line ends with this byte: LF, or a CR that no LF follows. */
function isBreak(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF);
}

function endOfLine(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && !isBreak(bytes, at)) at += 1;
  return Math.min(at + 1, bytes.length);
}
