import { type Field, fits, movedSince } from './approval';
import { progressOf, type RolloutState } from './rollout';

/** A stack that would no longer change as it was reviewed. */
export interface Unreviewed {
  readonly stack: string;
  /** What moved since. */
  readonly moved: readonly Field[];
  /** What would be done otherwise, as `update aws:s3/bucket:Bucket assets`. */
  readonly unlike: readonly string[];
}

/** The stacks, among these or among all that were not started, that wait for somebody to agree to what would change now. */
export function unreviewed(
  state: RolloutState,
  stacks: readonly string[] = [...state.stacks.keys()],
): Unreviewed[] {
  return stacks.flatMap((stack): Unreviewed[] => {
    const { preview, reviewed, forward } = progressOf(state, stack);
    if (!preview || !reviewed || forward || fits(reviewed, preview)) return [];
    return [{ stack, moved: movedSince(reviewed, preview), unlike: preview.compared?.unlike ?? [] }];
  });
}

/** `eu-1 would not change as reviewed: state version and changes moved (update aws:s3/bucket:Bucket assets)` */
export function unreviewedText({ stack, moved, unlike }: Unreviewed): string {
  const fields = moved.length > 1 ? `${moved.slice(0, -1).join(', ')} and ${moved.at(-1)}` : moved.join();
  const more = unlike.length > MOST ? ` and ${unlike.length - MOST} more` : '';
  const what = unlike.length === 0 ? '' : ` (${unlike.slice(0, MOST).join(', ')}${more})`;
  return `${stack} would not change as reviewed: ${fields} moved${what}`;
}

const MOST = 3;
