import type { Problem } from '../config/problem';
import type { Paint } from './paint';
import { plural } from './words';

/** A problem with the line of text it speaks of. */
export type FramedProblem = Problem & { readonly source?: string };

/** All problems together, each as `✖ file:line:col  message` with the text, a mark under it and what to do. */
export function problemsText(problems: readonly FramedProblem[], paint: Paint): string {
  return [
    ...problems.map((problem) => problemText(problem, paint)),
    paint.quiet(`${plural(problems.length, 'problem')}; nothing was done`),
  ].join('\n');
}

function problemText(problem: FramedProblem, paint: Paint): string {
  const place =
    problem.file === undefined
      ? ''
      : [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const head = `${paint.bad('✖')} ${place === '' ? '' : `${paint.strong(place)}  `}${problem.message}`;
  const mark =
    problem.source === undefined
      ? undefined
      : `${' '.repeat(Math.max(0, (problem.column ?? 1) - 1))}${'~'.repeat(Math.max(1, problem.length ?? 1))}`;
  const remedy = problem.remedy ?? '';
  if (problem.source === undefined || mark === undefined)
    return remedy === '' ? head : `${head}\n      ${remedy}`;
  return `${head}\n      ${paint.quiet(problem.source)}\n      ${paint.bad(mark)}${remedy === '' ? '' : `   ${remedy}`}`;
}
