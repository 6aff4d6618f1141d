import type { Change } from '../core/change';
import type { StackPreview } from '../rollout/preview';

/** The stacks that are not as their states say, with what is otherwise; undefined where nobody looked. */
export function driftOf(
  stacks: readonly StackPreview[],
): readonly { readonly stack: string; readonly changes: readonly Change[] }[] | undefined {
  const looked = stacks.flatMap((stack) =>
    stack.ok && stack.drift ? [{ stack: stack.stack, changes: stack.drift }] : [],
  );
  return looked.length === 0 ? undefined : looked.filter(({ changes }) => changes.length > 0);
}

/** `aws:s3/bucket:Bucket  assets is gone`. */
export const gone = ({ type, name }: Change): string => `${type}  ${name} is gone`;
