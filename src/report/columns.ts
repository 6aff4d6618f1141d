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

/** Before what had no room in a row's first line. */
const INDENT = '    ';

/**
 * Rows in aligned columns, two spaces between, nothing behind the last. A column that is empty in every row takes no place.
 * Columns that have no room beside the others stand below them, aligned over all rows; no value is cut.
 * @param right the columns of numbers
 * @param size cells of a line
 */
export function columns(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
  size = Number.POSITIVE_INFINITY,
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell));
  const lines = folded(widths, size);
  return rows.flatMap((row) =>
    lines.flatMap((line, below) => {
      const cells = line.map((index) => {
        const cell = row[index] ?? '';
        const gap = ' '.repeat((widths[index] ?? 0) - width(cell));
        // A colour around nothing would keep the line from ending where its text does.
        return width(cell) === 0 ? gap : right.has(index) ? gap + cell : cell + gap;
      });
      const text = cells.join('  ').trimEnd();
      if (below === 0) return [text];
      return text === '' ? [] : [INDENT + text];
    }),
  );
}

/** Which columns stand in which line of a row. */
function folded(widths: readonly number[], size: number): number[][] {
  const lines: number[][] = [[]];
  let used = 0;
  for (const [index, room] of widths.entries()) {
    if (room === 0) continue;
    const line = lines.at(-1) ?? [];
    if (line.length > 0 && used + 2 + room > size) {
      lines.push([index]);
      used = INDENT.length + room;
    } else {
      used += (line.length > 0 ? 2 : 0) + room;
      line.push(index);
    }
  }
  return lines;
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
