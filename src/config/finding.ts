import type { Problem } from './problem';
import type { Place } from './tree';

/** What a rule found: a problem still tied to the place it is written at. */
export interface Finding {
  readonly at: Place;
  readonly message: string;
  readonly remedy?: string | undefined;
}

export function problemOf(finding: Finding, rule: string): Problem {
  const { file, line, column, length } = finding.at;
  const remedy = finding.remedy === undefined ? {} : { remedy: harmless(finding.remedy) };
  return { file, line, column, length, message: harmless(finding.message), ...remedy, rule };
}

/** Sorted by file, line, column, message; the same thing found twice is said once. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const sorted = [...problems].sort(
    (a, b) =>
      compare(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      compare(a.message, b.message),
  );
  const isSame = (a: Problem, b: Problem | undefined) =>
    b !== undefined &&
    a.file === b.file &&
    a.line === b.line &&
    a.column === b.column &&
    a.message === b.message;
  return sorted.filter((problem, index) => !isSame(problem, sorted[index - 1]));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Messages carry words of the user's files: none of them may break a line or move a cursor. */
const harmless = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');
