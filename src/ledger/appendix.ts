import { type Head, link, type Row } from './chain';
import { type Draft, LedgerFailure } from './port';

export interface Wanted {
  readonly track: string;
  /** The seq of the last entry the writer knows. */
  readonly head: number;
  readonly drafts: readonly Draft[];
  /** The last entry there is. */
  readonly last: Head;
}

export interface Appendix {
  /** One row per draft, recorded before or new. */
  readonly answer: readonly Row[];
  /** The rows to store. */
  readonly fresh: readonly Row[];
  readonly last: Head;
}

/**
 * What an append adds to a track: the one rule of all ledgers. Recorded keys are answered with what is recorded; the head
 * is compared only when something new would be written, so that a retry after a lost answer succeeds.
 */
export function appendix(wanted: Wanted, recorded: (key: string) => Row | undefined): Appendix {
  const { track, head, drafts } = wanted;
  const fresh = new Map<string, Row>();
  let last = wanted.last;
  const answer = drafts.map((draft) => {
    const known = fresh.get(draft.key) ?? recorded(draft.key);
    if (known) return known;
    const row = link(track, last, draft);
    fresh.set(draft.key, row);
    last = row;
    return row;
  });
  if (fresh.size > 0 && head !== wanted.last.seq) {
    throw new LedgerFailure(
      'conflict',
      `track ${track} is at entry ${wanted.last.seq}, not ${head}: somebody else wrote to it`,
      'run the same command again; it goes on from what is recorded now',
    );
  }
  return { answer, fresh: [...fresh.values()], last };
}
