import type { ChangeCounts } from '../core/change';
import { classesOf, type DiffClass, touches } from '../core/classes';
import type { StackPreview } from '../rollout/preview';
import { type Alike, alike } from './alike';
import { countsText, plural } from './words';

/** Previews under a heading, and under what is rolled out where and by which engine. */
export interface FleetPreview {
  readonly title: string;
  readonly about: readonly string[];
  /** In the order in which they would be updated. */
  readonly stacks: readonly StackPreview[];
  /** Where there is no way back, why. */
  readonly noWayBack?: string;
  /** The command that shows all of it, where there is one. */
  readonly see?: string;
}

/** The classes in which anything changes, replaces and deletes first. */
export const changing = (stacks: readonly StackPreview[]): DiffClass[] =>
  classesOf(stacks.filter((stack) => stack.ok)).filter(({ counts }) => touches(counts) > 0);

/** Stacks that nothing happens to. */
export const unchanged = (stacks: readonly StackPreview[]): StackPreview[] =>
  stacks.filter((stack) => stack.ok && touches(stack.counts) === 0);

/** Why previews failed, each reason once. */
export const failuresOf = (stacks: readonly StackPreview[]): readonly Alike[] =>
  alike(stacks.flatMap((one) => (one.ok ? [] : [{ stack: one.stack, text: one.failure.message }])));

/** What a take-back would lose, each thing once. */
export const lossesOf = (stacks: readonly StackPreview[]): readonly Alike[] =>
  alike(
    stacks.flatMap((one) =>
      one.ok
        ? one.irreversible.map(({ type, name, why }) => ({
            stack: one.stack,
            text: `${type} ${name} ${why}`,
          }))
        : [],
    ),
  );

/** `same 3 changes in 7 stacks`. */
export function classTitle({ counts, stacks }: DiffClass): string {
  const changes = plural(touches(counts), 'change');
  return stacks.length > 1 ? `same ${changes} in ${stacks.length} stacks` : `${changes} in 1 stack`;
}

/** One line for a summary: `8 stacks: 2 kinds of change, 1 unchanged (3 updates, 1 create)`. */
export function fleetLine(stacks: readonly StackPreview[]): string {
  const good = stacks.filter((stack) => stack.ok);
  const kinds = changing(stacks).length;
  const same = unchanged(stacks).length;
  const failed = stacks.length - good.length;
  const parts = [
    ...(kinds > 0 ? [`${plural(kinds, 'kind')} of change`] : []),
    ...(same > 0 ? [`${same} unchanged`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const total = sum(good);
  const changes = touches(total) > 0 ? ` (${countsText(total)})` : '';
  return `${plural(stacks.length, 'stack')}: ${parts.join(', ')}${changes}`;
}

export function sum(stacks: readonly { readonly counts: ChangeCounts }[]): ChangeCounts {
  const total = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  for (const { counts } of stacks) {
    total.create += counts.create;
    total.update += counts.update;
    total.replace += counts.replace;
    total.delete += counts.delete;
    total.same += counts.same;
  }
  return total;
}
