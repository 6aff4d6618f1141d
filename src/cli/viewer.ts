import { createLogUpdate } from 'log-update';
import type { Clock } from '../clock';
import type { Progress } from '../engine/port';
import type { Entry } from '../ledger/port';
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
  return out.isLive ? liveViewer(out, title, clock) : lineViewer(out);
}

/** Entries that only repeat what the change table said. */
const QUIET: ReadonlySet<string> = new Set(['stack-previewed', 'release-recorded']);

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
      if (!QUIET.has(entry.event.type)) out.text(`${prefix(entry)} ${sentence(entry.event)}`);
    },
    progress(stack: string, progress: Progress) {
      out.event({ type: 'progress', stack, step: progress.step, urn: progress.urn, done: progress.done });
    },
    note(note: Note) {
      const text = `${note.kind}: ${note.text}`;
      if (text === lastNote || note.kind === 'previewing') return;
      lastNote = text;
      out.text(`[${note.stack ?? note.kind}] ${note.text}`);
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

/** `[shop-eu1]` for what concerns a stack, `[beta]` for the track. */
const prefix = ({ event, track }: Entry): string => `[${'stack' in event ? event.stack : track}]`;

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
