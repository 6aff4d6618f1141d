import type { Change, ChangeCounts } from './change';

/** Stacks that change alike: one normalised diff, said once. */
export interface DiffClass {
  /** Short digest of the diff without anything that names a stack. */
  readonly class: string;
  readonly stacks: readonly string[];
  readonly counts: ChangeCounts;
  /** Of the first stack; the others' differ only in what names the stack. */
  readonly changes: readonly Change[];
}

/** What previews are grouped by. */
export type Classed = Pick<DiffClass, 'class' | 'counts' | 'changes'> & { readonly stack: string };

/** Resources that would not stay as they are. */
export const touches = ({ create, update, replace, delete: deleted }: ChangeCounts): number =>
  create + update + replace + deleted;

/** Replaces and deletes first, then the largest class; the order of the stacks stays. */
export function classesOf(previews: readonly Classed[]): DiffClass[] {
  return [...Map.groupBy(previews, (preview) => preview.class)]
    .flatMap(([name, members]): DiffClass[] => {
      const [first] = members;
      if (!first) return [];
      const { counts, changes } = first;
      return [{ class: name, stacks: members.map(({ stack }) => stack), counts, changes }];
    })
    .sort(
      (a, b) =>
        risk(b.counts) - risk(a.counts) || b.stacks.length - a.stacks.length || (a.class < b.class ? -1 : 1),
    );
}

const risk = (counts: ChangeCounts): number =>
  counts.replace + counts.delete > 0 ? 2 : touches(counts) > 0 ? 1 : 0;
