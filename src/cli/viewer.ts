import { createLogUpdate } from 'log-update';
import type { Clock } from '../clock';
import type { LedgerEvent } from '../core/event';
import type { Progress } from '../engine/port';
import { emptyLive, takeEvent, takeProgress } from '../report/live-state';
import { liveView } from '../report/live-view';
import { sentence } from '../report/words';
import type { Note, Observer } from '../rollout/ports';
import type { Output } from './output';

/** Shows a rollout while it runs: a redrawn view on a terminal, plain lines elsewhere, JSON lines under `--json`. */
export interface Viewer extends Observer {
  /** Puts a line above the view, or prints it where there is none. */
  say(text: string): void;
  /** Previews done of all, while they are made. */
  previewed(done: number, all: number): void;
  stop(): void;
}

const FRAME = 100;

export function viewer(out: Output, title: string, clock: () => Clock | undefined): Viewer {
  const inner = out.isLive ? liveViewer(out, title, clock) : lineViewer(out);
  const seen = new Map<string, number>();
  return {
    ...inner,
    // A resumed rollout reads its own beginning again.
    entry(entry) {
      if (entry.seq <= (seen.get(entry.track) ?? 0)) return;
      seen.set(entry.track, entry.seq);
      inner.entry?.(entry);
    },
  };
}

/** What only repeats the change table, or says once more that all is well, is in the ledger and under `--json`. */
function isWorthALine(event: LedgerEvent): boolean {
  switch (event.type) {
    case 'stack-previewed':
    case 'release-recorded':
      return false;
    case 'sampled':
      return event.verdict !== 'healthy';
    default:
      return true;
  }
}

function lineViewer(out: Output): Viewer {
  let lastNote = '';
  let lastTenth = 0;
  return {
    entry(entry) {
      out.event({
        type: 'event',
        track: entry.track,
        seq: entry.seq,
        at: entry.at,
        actor: entry.actor,
        event: entry.event,
      });
      if (isWorthALine(entry.event)) out.text(`[${entry.track}] ${sentence(entry.event)}`);
    },
    progress(stack: string, progress: Progress) {
      out.event({ type: 'progress', stack, step: progress.step, urn: progress.urn, done: progress.done });
    },
    note(note: Note) {
      const text = `${note.kind}: ${note.text}`;
      if (text === lastNote || note.kind === 'previewing' || note.kind === 'settling') return;
      lastNote = text;
      out.text(`[${note.kind}] ${note.text}`);
    },
    say: (text) => out.text(text),
    previewed(done, all) {
      const tenth = Math.floor((done / all) * 4);
      if (done === 1) lastTenth = 0;
      if (tenth === lastTenth && done !== all) return;
      lastTenth = tenth;
      out.text(`[preview] ${done} of ${all} stacks`);
    },
    stop() {},
  };
}

function liveViewer(out: Output, title: string, clock: () => Clock | undefined): Viewer {
  const draw = createLogUpdate(process.stdout, { showCursor: false });
  let state = emptyLive;
  let frame = 0;
  let preview: string | undefined;
  const redraw = (): void => {
    const now = clock()?.now();
    if (preview !== undefined) draw(preview);
    else if (state.plan && now !== undefined) {
      frame += 1;
      const { rows = 24, columns = 80 } = process.stdout;
      draw(liveView(state, { rows, columns, paint: out.paint, frame, now, title }));
    }
  };
  const timer = setInterval(redraw, FRAME);
  timer.unref();
  process.stdout.on('resize', redraw);
  const stop = (): void => {
    clearInterval(timer);
    process.stdout.off('resize', redraw);
    redraw();
    draw.done();
  };
  return {
    entry(entry) {
      preview = undefined;
      state = takeEvent(state, entry.event, entry.at);
      if (entry.event.type === 'rollout-ended') redraw();
    },
    progress(stack, progress) {
      state = takeProgress(state, stack, progress);
    },
    note() {},
    say(text) {
      draw.clear();
      out.text(text);
      redraw();
    },
    previewed(done, all) {
      preview = done === all ? undefined : `previewing: ${done} of ${all} stacks`;
      if (done === all) draw.clear();
      else redraw();
    },
    stop,
  };
}
