import type { Clock } from '../clock';
import type { Instant } from '../core/time';
import type { Entry } from '../ledger/port';
import type { Observer } from '../rollout/ports';
import { lineViewer } from './line-viewer';
import { liveViewer } from './live-viewer';
import type { Output } from './output';

/** Shows work while it is done: a redrawn view on a terminal, plain lines elsewhere, JSON lines under `--json`. */
export interface Viewer extends Observer {
  /** What was recorded before this command came: the view goes on from there, and does not tell it again. */
  known(entries: readonly Entry[]): void;
  /** Previews done of all, while they are made. */
  previewed(done: number, all: number): void;
  /** The rollout or the previews are over: their last view stays, and what is printed next stands below it. */
  rest(): void;
  /** Ends everything. */
  stop(): void;
}

/** Policy's time for a view; undefined where nobody can tell it. The command meets the same trouble, and says so. */
export function timeOf(clock: Clock | undefined): Instant | undefined {
  try {
    return clock?.now();
  } catch {
    return undefined;
  }
}

/** What a view knows of its surroundings. */
export interface Around {
  readonly out: Output;
  /** Engine and cloud. */
  readonly title: string;
  /** Policy's time, as soon as there is one. */
  clock(): Clock | undefined;
}

export function viewer(around: Around): Viewer {
  const inner = around.out.isLive ? liveViewer(around) : lineViewer(around);
  const shown = new Map<string, number>();
  return {
    ...inner,
    known(entries) {
      for (const { track, seq } of entries) shown.set(track, Math.max(seq, shown.get(track) ?? 0));
      inner.known(entries);
    },
    // Whoever drives a rollout reads its track from the beginning.
    entry(entry) {
      if (entry.seq <= (shown.get(entry.track) ?? 0)) return;
      shown.set(entry.track, entry.seq);
      inner.entry?.(entry);
    },
  };
}
