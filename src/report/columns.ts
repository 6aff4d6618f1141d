import { stripVTControlCharacters } from 'node:util';

/** Signs that terminals draw two cells wide, and those that take no cell of their own. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const NARROW = /\p{Mark}/u;

const cells = (sign: string): number => (NARROW.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1);

/** Width of a text on a terminal, in cells: control sequences take none. */
export function width(text: string): number {
  let sum = 0;
  for (const sign of stripVTControlCharacters(text)) sum += sign < '\u0300' ? 1 : cells(sign);
  return sum;
}

/**
 * Rows in aligned columns, two spaces between, nothing behind the last. A column that is empty in every row takes no place.
 * @param right the columns of numbers
 */
export function columns(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell));
  return rows.map((row) =>
    row
      .flatMap((cell, index) => {
        const room = widths[index] ?? 0;
        if (room === 0) return [];
        const gap = ' '.repeat(room - width(cell));
        return [right.has(index) ? gap + cell : cell + gap];
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Cuts a line to a terminal's width; only for lines without control sequences. */
export function cut(line: string, size: number): string {
  if (width(line) <= size) return line;
  let room = size - 1;
  let kept = '';
  for (const sign of line) {
    room -= cells(sign);
    if (room < 0) break;
    kept += sign;
  }
  return size < 1 ? '' : `${kept}…`;
}
