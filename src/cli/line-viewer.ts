import type { LedgerEvent } from '../core/event';
import { emptyLive, type LiveState, takeEvent, takeHealth, takeProgress } from '../report/live-state';
import { busyText } from '../report/live-view';
import { sentence } from '../report/words';
import { type Around, timeOf, type Viewer } from './viewer';

/** Milliseconds of silence after which a line says what is under way; the last one again and again. */
const PATIENCE = [1_500, 4_000, 10_000, 30_000];
const LOOK = 250;

/** Plain lines, one a fact; where nothing happens for long, one that says what is under way. */
export function lineViewer({ out, clock }: Around): Viewer {
  let state = emptyLive;
  let track = '';
  let preview: string | undefined;
  let lastNote = '';
  let spokenAt = performance.now();
  let silences = 0;
  const say = (text: string): void => {
    out.text(text);
    spokenAt = performance.now();
  };
  const timer = setInterval(() => {
    const patience = PATIENCE[Math.min(silences, PATIENCE.length - 1)] ?? 0;
    if (out.isJson || performance.now() - spokenAt < patience) return;
    silences += 1;
    const now = timeOf(clock());
    if (state.plan && now !== undefined) say(`[${track}] … ${busyText(state, now)}`);
    else {
      // Not among the text: a preview may be on its way into a file.
      out.note(preview ?? '… at work');
      spokenAt = performance.now();
    }
  }, LOOK);
  timer.unref();
  const rest = (): void => {
    state = emptyLive;
    preview = undefined;
    silences = 0;
  };
  return {
    known(entries) {
      for (const entry of entries) {
        state = takeEvent(state, entry.event, entry.at);
        track = entry.track;
      }
    },
    entry(entry) {
      const { event, at, seq, actor } = entry;
      out.event({ type: 'event', track: entry.track, seq, at, actor, event });
      const isNews = isWorthALine(event, state);
      state = takeEvent(state, event, at);
      track = entry.track;
      preview = undefined;
      silences = 0;
      if (isNews) say(`[${track}] ${sentence(event)}`);
    },
    progress(stack, progress) {
      state = takeProgress(state, stack, progress);
      out.event({ type: 'progress', stack, step: progress.step, urn: progress.urn, done: progress.done });
    },
    health(stack, health, now) {
      state = takeHealth(state, stack, health, now);
    },
    note({ kind, text }) {
      if (kind === 'cut short') {
        out.event({ type: 'note', message: text });
        say(`[${track}] ${text}`);
      }
      if (kind !== 'waiting' || text === lastNote) return;
      lastNote = text;
      out.event({ type: 'note', message: text });
      // Not among the text where there is no rollout: a preview may be on its way into a file.
      if (state.plan) say(`[waiting] ${text}`);
      else out.note(`[waiting] ${text}`);
    },
    previewed(done, all) {
      preview = `[preview] ${done} of ${all} stacks`;
    },
    rest,
    stop() {
      clearInterval(timer);
      rest();
    },
  };
}

/**
 * What repeats the change table, says once more that all is well, or stands in the report at the end anyway, is in the ledger
 * and under `--json`. A baseline brings up what the pins say already: its stacks are enough.
 */
function isWorthALine(event: LedgerEvent, before: LiveState): boolean {
  switch (event.type) {
    case 'stack-previewed':
      // What was missed before the first wave stands with the change table.
      return event.byGoal === 'missed' && before.wave >= 0;
    case 'release-recorded':
    case 'rollout-ended':
      return false;
    case 'sampled':
      return event.verdict !== 'healthy' && before.stacks.get(event.stack)?.phase === 'soaking';
    case 'rollout-started':
      return event.kind !== 'baseline';
    case 'wave-started':
    case 'wave-ended':
    case 'apply-started':
    case 'release-proven':
      return before.plan?.kind !== 'baseline';
    default:
      return true;
  }
}
