import { redact } from '../core/redact';
import type { Problem } from './problem';

/** Lines wider than this are cut around the mark. */
const widest = 110;
/** Problems that are shown at once. */
const most = 100;

/**
 * A problem as a person reads it: where and what, then the line with the mark beneath it and the remedy.
 * Plain text, without passwords: control characters of the file are shown as `·`, so that no file can move the cursor.
 * @param text the file's text; without it the frame has no line
 * @param size cells of a line: what is wider would break, and the mark would point elsewhere
 */
export function frame(problem: Problem, text?: string, size = Number.POSITIVE_INFINITY): string {
  const head = [place(problem), problem.message].filter((part) => part !== '').join('  ');
  const line = problem.line === undefined ? undefined : text?.split(/\r\n|\n/)[problem.line - 1];
  if (line === undefined || line.trim() === '')
    return problem.remedy === undefined ? `✖ ${head}` : `✖ ${head}\n  ${problem.remedy}`;
  const window = cut(line, (problem.column ?? 1) - 1, Math.max(20, Math.min(size, widest)));
  const room = Math.max(1, window.text.length - window.start);
  const mark = '~'.repeat(Math.min(problem.length ?? 1, room));
  const marked = `${' '.repeat(window.start)}${mark}`;
  const hasRoom = marked.length + 3 + (problem.remedy?.length ?? 0) <= size;
  const remedy = problem.remedy === undefined ? '' : `${hasRoom ? '   ' : '\n  '}${problem.remedy}`;
  return `✖ ${head}\n${window.text}\n${marked}${remedy}`;
}

/** The frames of problems in their order, with an empty line between; of more than a person reads, only how many. */
export function frames(
  problems: readonly Problem[],
  texts: ReadonlyMap<string, string>,
  size?: number,
): string {
  const shown = problems.slice(0, most).map((problem) => frame(problem, texts.get(problem.file ?? ''), size));
  const left = problems.length - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${left} more`] : [])].join('\n\n');
}

function place({ file, line, column }: Problem): string {
  if (file === undefined) return '';
  const position = [line, column].filter((part) => part !== undefined).map((part) => `:${part}`);
  return `${visible(file)}${position.join('')}`;
}

function cut(line: string, start: number, size: number): { readonly text: string; readonly start: number } {
  const shown = visible(redact(line.trimEnd()));
  if (shown.length <= size) return { text: shown, start };
  const from = Math.max(0, Math.min(start - 20, shown.length - size + 2));
  const piece = shown.slice(from, from + size - 2);
  const before = from > 0 ? '…' : '';
  const after = from + size - 2 < shown.length ? '…' : '';
  return { text: `${before}${piece}${after}`, start: start - from + before.length };
}

const visible = (text: string): string => text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '·');
