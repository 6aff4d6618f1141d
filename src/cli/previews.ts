import { type DiffClass, diffClasses, type StackPreview as Shown } from '../report/fleet';
import type { StackPreview } from '../rollout/preview';

const NONE = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

/** A preview as reports show it. */
export function shown(preview: StackPreview): Shown {
  if (preview.ok) return preview;
  const { stack, channel, failure } = preview;
  return {
    stack,
    channel,
    counts: NONE,
    class: '',
    digest: '',
    changes: [],
    irreversible: [],
    foreign: [],
    failure: failure.message,
  };
}

/** The `stacks` and `classes` of a result line. */
export function previewData(stacks: readonly Shown[]): {
  readonly stacks: readonly unknown[];
  readonly classes: readonly DiffClass[];
} {
  return {
    stacks: stacks.map(({ stack, channel, counts, digest, class: name, irreversible, foreign, failure }) => ({
      stack,
      channel,
      changes: counts,
      digest,
      class: name,
      ...(irreversible.length > 0 ? { irreversible } : {}),
      ...(foreign.length > 0 ? { foreign } : {}),
      ...(failure === undefined ? {} : { failure }),
    })),
    classes: diffClasses(stacks),
  };
}
