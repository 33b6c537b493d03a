/** Cuts a file into what single requests may hold: by lines and by bytes, never within a quoted field, the CSV header before each. */
import { MAX_BODY_BYTES } from '../../shared/middleware/http.ts';
import { csvRows, type FileLine, ndjsonLines } from '../../shared/operate/file-lines.ts';
import { BROKEN_QUOTES, type ImportType, MAX_LINES } from '../../shared/operate/import-file.ts';

/** The body of one request. */
export interface Chunk {
  body: Uint8Array;
  /** How many people it holds. */
  count: number;
  /** The number in the whole file of a line of this chunk. */
  lineOf(line: number): number;
}

/** A file in pieces, and the lines that are not sent: no request can hold them, or they would be read as one with the lines after them. */
export interface Cut {
  chunks: Chunk[];
  refused: { line: number; error: string }[];
}

const LINE_BREAK = new Uint8Array([0x0a]);
const BREAKS = [0x0a, 0x0d];
const TOO_LONG = `The line is longer than ${MAX_BODY_BYTES / 1024} KB, the header included.`;

/** Cuts a file. One with nothing but a header is one chunk, which the server judges. */
export function cutFile(type: ImportType, file: Uint8Array): Cut {
  if (type === 'application/x-ndjson') return cut(null, [...ndjsonLines(file)]);
  const [header, ...rows] = csvRows(file);
  if (!header) return { chunks: [], refused: [] };
  const broken = rows.filter(({ cells }) => cells === null).map(({ line }) => ({ line, error: BROKEN_QUOTES }));
  const { chunks, refused } = cut(
    ended(header),
    rows.filter(({ cells }) => cells !== null),
  );
  return { chunks, refused: [...broken, ...refused].sort((a, b) => a.line - b.line) };
}

function cut(header: FileLine | null, all: readonly FileLine[]): Cut {
  const room = MAX_BODY_BYTES - (header?.bytes.length ?? 0);
  const lines = all.map(ended);
  const fitting = lines.filter(({ bytes }) => bytes.length <= room);
  const tooLong = lines.filter(({ bytes }) => bytes.length > room);
  const pieces = header && fitting.length === 0 ? [[]] : piecesOf(fitting, room);
  return {
    chunks: pieces.map((piece) => chunkOf(header, piece)),
    refused: tooLong.map(({ line }) => ({ line, error: TOO_LONG })),
  };
}

function piecesOf(lines: readonly FileLine[], room: number): FileLine[][] {
  const pieces: FileLine[][] = [];
  let left = 0;
  for (const line of lines) {
    const piece = pieces.at(-1);
    const fits = piece && piece.length < MAX_LINES && line.bytes.length <= left;
    if (fits) piece.push(line);
    else pieces.push([line]);
    left = (fits ? left : room) - line.bytes.length;
  }
  return pieces;
}

function chunkOf(header: FileLine | null, lines: readonly FileLine[]): Chunk {
  const original = new Map<number, number>();
  let next = 1;
  for (const { line, lastLine } of header ? [header, ...lines] : lines) {
    original.set(next, line);
    next += lastLine - line + 1;
  }
  const body = Buffer.concat([...(header ? [header] : []), ...lines].map(({ bytes }) => bytes));
  return { body, count: lines.length, lineOf: (line) => original.get(line) ?? line };
}

/** The last line of a file may lack its line break. */
function ended(line: FileLine): FileLine {
  if (BREAKS.includes(line.bytes.at(-1) ?? 0)) return line;
  return { ...line, bytes: Buffer.concat([line.bytes, LINE_BREAK]) };
}
