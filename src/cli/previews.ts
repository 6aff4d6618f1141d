import { classesOf, type DiffClass } from '../core/classes';
import { missedTexts } from '../report/goal';
import { pendingTexts } from '../report/pending';
import type { StackPreview } from '../rollout/preview';
import type { Output } from './output';
import type { Work } from './work';

const UNKNOWN = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

/** The `stacks` and `classes` of a result line. */
export function previewData(stacks: readonly StackPreview[]): {
  readonly stacks: readonly unknown[];
  readonly classes: readonly DiffClass[];
} {
  return { stacks: stacks.map(line), classes: classesOf(stacks.filter((stack) => stack.ok)) };
}

/** Says which components are to be mended because the goal digest was wrong about them. */
export const sayMissed = ({ call }: Work, stacks: readonly StackPreview[]): void =>
  warn(call.out, missedTexts(stacks));

/** Warns of stacks that an earlier run left in the middle, before anybody agrees to anything. */
export const sayPending = ({ call, world }: Work, stacks: readonly StackPreview[]): void =>
  warn(call.out, pendingTexts(stacks, world.ports.engine.cloud));

function warn(out: Output, messages: readonly string[]): void {
  for (const message of messages) {
    out.text(out.paint.warn(`⚠ ${message}`));
    out.event({ type: 'warning', message });
  }
}

function line(preview: StackPreview): unknown {
  const { stack, channel } = preview;
  if (!preview.ok)
    return { stack, channel, changes: UNKNOWN, digest: '', class: '', failure: preview.failure.message };
  const { counts, digest, class: name, irreversible, foreign, pending, byGoal, drift } = preview;
  return {
    stack,
    channel,
    changes: counts,
    digest,
    class: name,
    ...(irreversible.length > 0 ? { irreversible } : {}),
    ...(foreign.length > 0 ? { foreign } : {}),
    ...(pending === undefined ? {} : { pending }),
    ...(byGoal === undefined ? {} : { byGoal }),
    ...(drift === undefined ? {} : { drift }),
  };
}
