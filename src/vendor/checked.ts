import type { Problem } from '../config/problem';
import type { Checked } from './port';

export const good = <T>(value: T): Checked<T> => ({ ok: true, value });
export const bad = (
  ...problems: readonly Problem[]
): { readonly ok: false; readonly problems: readonly Problem[] } => ({
  ok: false,
  problems,
});

/** All values, or all problems of all parts: nothing stops at the first. */
export function every<T>(parts: readonly Checked<T>[]): Checked<readonly T[]> {
  const problems = parts.flatMap((part) => (part.ok ? [] : part.problems));
  if (problems.length > 0) return bad(...problems);
  return good(parts.flatMap((part) => (part.ok ? [part.value] : [])));
}

/** What a caught value says, in one line. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
