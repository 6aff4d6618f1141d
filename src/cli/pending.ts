import { pendingTexts } from '../report/pending';
import type { StackPreview } from '../rollout/preview';
import type { Work } from './work';

/** Warns of stacks that an earlier run left in the middle, before anybody agrees to anything. */
export function sayPending({ call: { out }, world }: Work, stacks: readonly StackPreview[]): void {
  for (const message of pendingTexts(stacks, world.ports.engine.cloud)) {
    out.text(out.paint.warn(`⚠ ${message}`));
    out.event({ type: 'warning', message });
  }
}
