/** The crash matrix as it is printed. */
import { type Cell, COLUMNS, type Column } from './matrix.ts';

const WIDTH = 18;

/** Rows are the touches in the order of the work, columns what was under way, cells how it ended: killed before, killed after. */
export function matrixTable(cells: readonly Cell[]): string[] {
  const rows = rowsOf(cells);
  const widest = Math.max(...rows.map(({ length }) => length));
  const line = (first: string, rest: readonly string[]) =>
    [first.padEnd(widest), ...rest.map((text) => text.padEnd(WIDTH))].join('  ').trimEnd();
  return [
    line('killed before · after', COLUMNS),
    ...rows.map((touch) =>
      line(
        touch,
        COLUMNS.map((column) => cellText(cells, touch, column)),
      ),
    ),
  ];
}

function cellText(cells: readonly Cell[], touch: string, column: Column): string {
  const own = cells.filter((cell) => cell.touch === touch && cell.column === column);
  return own.length === 0 ? '' : own.map(({ ending }) => ending).join(' · ');
}

/** The touches of all columns, each behind the one that it follows in its own. */
function rowsOf(cells: readonly Cell[]): string[] {
  const rows: string[] = [];
  for (const column of COLUMNS) {
    let after = -1;
    for (const touch of new Set(cells.filter((cell) => cell.column === column).map((cell) => cell.touch))) {
      const known = rows.indexOf(touch);
      if (known === -1) rows.splice(after + 1, 0, touch);
      after = known === -1 ? after + 1 : known;
    }
  }
  return rows;
}
