import type { StackPreview } from '../rollout/preview';
import { plural } from './words';

/** How many previews needed no engine; undefined where all did. */
export function answeredText(stacks: readonly StackPreview[]): string | undefined {
  const count = (what: string): number => stacks.filter((one) => one.ok && one.byGoal === what).length;
  if (count('answered') === 0) return undefined;
  return `${plural(count('answered'), 'stack')} unchanged by goal digest, ${count('checked')} more checked by the engine`;
}

/** A component whose stack would change though nothing that it is given has changed: a bug to be mended, said in full. */
export const missedTexts = (stacks: readonly StackPreview[]): readonly string[] =>
  stacks.flatMap((one) =>
    one.ok && one.byGoal === 'missed' ? one.diagnostics.slice(-1).map(({ message }) => message) : [],
  );
