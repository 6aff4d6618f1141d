import type { Change, ChangeCounts } from '../core/change';
import type { Irreversible } from '../core/event';

/** What a preview of one stack said, ready to be shown. */
export interface StackPreview {
  readonly stack: string;
  readonly channel: string;
  readonly counts: ChangeCounts;
  readonly class: string;
  readonly digest: string;
  readonly changes: readonly Change[];
  readonly irreversible: readonly Irreversible[];
  /** Components that do not follow the track and would change. */
  readonly foreign: readonly string[];
  /** The preview failed; nothing is known of this stack. */
  readonly failure?: string;
}

/** Stacks that change alike, most stacks first; those whose preview failed stand apart. */
export interface DiffClass {
  readonly class: string;
  readonly stacks: readonly string[];
  /** Of the first stack; the others' differ only in what names the stack. */
  readonly changes: readonly Change[];
  readonly counts: ChangeCounts;
}

export interface FleetPreview {
  /** `beta.12 → 8 stacks`: what is previewed. */
  readonly title: string;
  readonly stacks: readonly StackPreview[];
}

export function diffClasses(stacks: readonly StackPreview[]): readonly DiffClass[] {
  const byClass = new Map<string, StackPreview[]>();
  for (const stack of stacks)
    if (stack.failure === undefined) byClass.set(stack.class, [...(byClass.get(stack.class) ?? []), stack]);
  return [...byClass.entries()]
    .flatMap(([name, members]) => {
      const first = members[0];
      return first
        ? [
            {
              class: name,
              stacks: members.map((member) => member.stack),
              changes: first.changes,
              counts: first.counts,
            },
          ]
        : [];
    })
    .sort((a, b) => weight(b) - weight(a) || b.stacks.length - a.stacks.length);
}

/** Replaces and deletes first. */
const weight = ({ counts }: DiffClass): number =>
  counts.replace + counts.delete > 0 ? 2 : counts.update + counts.create > 0 ? 1 : 0;

export const touches = (counts: ChangeCounts): number =>
  counts.create + counts.update + counts.replace + counts.delete;
