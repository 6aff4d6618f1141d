import { duration } from '../core/time';
import { cut } from '../report/columns';
import { emptyLive, takeEvent, takeHealth, takeProgress } from '../report/live-state';
import { liveView, spinner } from '../report/live-view';
import { spanText } from '../report/time';
import { type Around, timeOf, type Viewer } from './viewer';

/** Milliseconds from one drawing to the next. */
const FRAME = 100;

/** The view on a terminal: redrawn while something is under way. */
export function liveViewer({ out, title, clock }: Around): Viewer {
  let state = emptyLive;
  let frame = 0;
  let preview: string | undefined;
  let lastNote = '';
  /** Nothing to show yet, and nobody is asked anything. */
  let isStarting = true;
  const draw = (): void => {
    const time = clock();
    const now = timeOf(time);
    frame += 1;
    if (preview !== undefined || (isStarting && !state.plan))
      out.draw(cut(`${spinner(frame)} ${preview ?? 'getting ready'}`, process.stdout.columns));
    else if (state.plan && time && now !== undefined) {
      const { rows = 24, columns = 80 } = process.stdout;
      // Policy lives by the sandbox's time: without its speed, 13 hours in as many seconds would puzzle.
      const speed = time.scale === 1 ? '' : `, 1s is ${spanText(duration(1000 * time.scale))}`;
      const screen = { rows, columns, paint: out.paint, frame, now, title: `${title}${speed}` };
      out.draw(liveView(state, screen));
    }
  };
  const timer = setInterval(draw, FRAME);
  timer.unref();
  process.stdout.on('resize', draw);
  const rest = (): void => {
    // After a rollout the next one may follow; after previews comes the change table, and perhaps a question.
    isStarting = state.plan !== undefined;
    if (state.plan) {
      preview = undefined;
      draw();
      out.freeze();
    } else out.erase();
    preview = undefined;
    state = emptyLive;
  };
  return {
    known(entries) {
      for (const { event, at } of entries) state = takeEvent(state, event, at);
    },
    entry({ event, at }) {
      preview = undefined;
      state = takeEvent(state, event, at);
    },
    progress(stack, progress) {
      state = takeProgress(state, stack, progress);
    },
    health(stack, health, now) {
      state = takeHealth(state, stack, health, now);
    },
    note({ kind, text }) {
      if (kind === 'cut short') out.text(text);
      if (kind !== 'waiting' || text === lastNote) return;
      lastNote = text;
      out.text(`waiting: ${text}`);
    },
    previewed(done, all) {
      preview = `previewing: ${done} of ${all} stacks`;
      draw();
    },
    rest,
    stop() {
      clearInterval(timer);
      process.stdout.off('resize', draw);
      rest();
    },
  };
}
