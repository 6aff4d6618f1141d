import { stripVTControlCharacters } from 'node:util';

/** Width of a text on a terminal: control sequences take no place. */
export const width = (text: string): number => [...stripVTControlCharacters(text)].length;

/** Rows in aligned columns, two spaces between, nothing behind the last. `right` names the columns of numbers. */
export function columns(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell));
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const gap = ' '.repeat((widths[index] ?? 0) - width(cell));
        return right.has(index) ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Cuts a line to a terminal's width; only for lines without control sequences. */
export const cut = (line: string, size: number): string =>
  width(line) <= size ? line : `${[...line].slice(0, Math.max(0, size - 1)).join('')}…`;
