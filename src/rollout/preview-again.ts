import type { Direction } from '../core/event';
import { changingIn } from '../core/plan';
import { progressOf } from '../core/rollout';
import type { Line } from './journal';
import { type PreviewWish, previewedEvent, previewStacks, type StackPreview } from './preview';
import { operationNow, type Run } from './run';

/**
 * Previews stacks of a rollout under way as they are now, held against what was reviewed, and records what it saw if all of
 * them could be previewed. `isRecorded` is false where one could not, where the user cancelled, or where somebody else wrote
 * to the ledger meanwhile.
 */
export async function previewAgain(
  run: Run,
  { direction, stacks }: { readonly direction: Direction; readonly stacks: readonly string[] },
): Promise<{ readonly previews: readonly StackPreview[]; readonly isRecorded: boolean }> {
  const { ports, journal, signal } = run;
  const fleet = await journal.fleet();
  const state = journal.state();
  const wishes = stacks.map((stack): PreviewWish => {
    const { operation, contents } = operationNow(run, { stack, direction, deployment: 'preview', fleet });
    const target = state.started.plan.targets[stack];
    return {
      operation,
      contents,
      direction,
      channel: target?.channel ?? '',
      moves: target ? changingIn(target) : [],
      running: fleet.stacks.get(stack)?.contents ?? {},
      reviewed: direction === 'forward' ? progressOf(state, stack).reviewed : undefined,
    };
  });
  ports.observer?.note?.({ kind: 'previewing', text: `previewing ${stacks.join(', ')}` });
  const previews = await previewStacks(ports, wishes, signal);
  if (signal.aborted || previews.some(({ ok }) => !ok)) return { previews, isRecorded: false };
  const lines = previews.flatMap((preview): Line[] => {
    if (!preview.ok) return [];
    // Numbered by the head it was made on: a preview lost in a crash is simply made again.
    const key = `${journal.rollout}:preview:${preview.stack}:${direction}:${journal.position()}`;
    return [{ key, event: previewedEvent(journal.rollout, preview) }];
  });
  return { previews, isRecorded: await journal.decided(lines) };
}
