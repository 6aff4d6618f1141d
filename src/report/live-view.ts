import type { Instant } from '../core/time';
import { between, duration } from '../core/time';
import { columns, cut } from './columns';
import type { LiveStack, LiveState } from './live-state';
import type { Paint } from './paint';
import { spanText } from './time';
import { plural } from './words';

export interface Screen {
  readonly rows: number;
  readonly columns: number;
  readonly paint: Paint;
  /** Counts up with every drawing: turns the spinner. */
  readonly frame: number;
  readonly now: Instant;
  readonly title: string;
}

const SPIN = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/** Stacks by channel and wave, what each is doing, the soak's countdown, one summary line; never more than rows − 3 lines. */
export function liveView(state: LiveState, screen: Screen): string {
  const head = `${state.release} → ${plural(state.stacks.size, 'stack')}   ${screen.title}`;
  const rows = columnsOf(state, screen);
  const room = Math.max(1, screen.rows - 3 - 2);
  const focus = rows.findIndex(({ isCurrent }) => isCurrent);
  const from = Math.max(0, Math.min(rows.length - room, focus < 0 ? 0 : focus - 1));
  const shown = rows.slice(from, from + room);
  const hidden = rows.length - shown.length;
  const texts = columns(shown.map(({ cells }) => [...cells])).map((line, index) =>
    colour(cut(line, screen.columns), shown[index]?.stack.phase ?? 'waiting', screen.paint),
  );
  return [
    screen.paint.strong(cut(head, screen.columns)),
    ...texts,
    cut(summary(state, screen, hidden), screen.columns),
  ].join('\n');
}

interface Row {
  readonly cells: readonly string[];
  readonly stack: LiveStack;
  readonly isCurrent: boolean;
}

function columnsOf(state: LiveState, screen: Screen): readonly Row[] {
  let index = -1;
  return (state.plan?.channels ?? []).flatMap((channel) =>
    channel.waves.flatMap((names, wave) => {
      index += 1;
      const isCurrent = index === state.wave;
      return names.map((name, place): Row => {
        const stack = state.stacks.get(name) ?? { phase: 'waiting', detail: '', steps: 0 };
        const cells = [
          wave === 0 && place === 0 ? channel.name : '',
          place === 0 ? `wave ${wave + 1}/${channel.waves.length}` : '',
          `${sign(stack, screen.frame)} ${name}`,
          phaseText(stack),
        ];
        return { cells, stack, isCurrent };
      });
    }),
  );
}

function sign({ phase }: LiveStack, frame: number): string {
  switch (phase) {
    case 'waiting':
      return '·';
    case 'updating':
    case 'going back':
    case 'soaking':
      return SPIN[frame % SPIN.length] ?? '⠋';
    case 'healthy':
      return '✔';
    case 'taken back':
      return '↩';
    case 'unhealthy':
    case 'failed':
      return '✖';
    case 'unknown':
      return '?';
  }
}

function phaseText(stack: LiveStack): string {
  const detail = stack.detail === '' ? '' : `: ${stack.detail.split('\n')[0]}`;
  const steps = stack.steps > 0 ? ` (${plural(stack.steps, 'step')})` : '';
  return stack.phase === 'waiting' ? '' : `${stack.phase}${detail}${steps}`;
}

function colour(line: string, phase: LiveStack['phase'], paint: Paint): string {
  switch (phase) {
    case 'waiting':
      return paint.quiet(line);
    case 'healthy':
      return paint.good(line);
    case 'unhealthy':
    case 'failed':
    case 'unknown':
      return paint.bad(line);
    case 'going back':
    case 'taken back':
      return paint.warn(line);
    case 'updating':
    case 'soaking':
      return paint.accent(line);
  }
}

function summary(state: LiveState, screen: Screen, hidden: number): string {
  const stacks = [...state.stacks.values()];
  const updated = stacks.filter(({ phase }) => phase === 'healthy' || phase === 'soaking').length;
  const parts = [`${updated} of ${stacks.length} updated`];
  if (state.soak) {
    const left = duration(Math.max(0, state.soak.needed - between(state.soak.since, screen.now)));
    parts.push(
      left > 0 ? `soaking ${state.soak.channel}: ${spanText(left)} left` : `soaking ${state.soak.channel}`,
    );
  }
  if (state.startedAt !== undefined) parts.push(`${spanText(between(state.startedAt, screen.now))} so far`);
  if (hidden > 0) parts.push(`${plural(hidden, 'stack')} not shown`);
  return parts.join(' · ');
}
