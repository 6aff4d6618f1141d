import { wavesOf } from '../core/plan';
import type { Instant } from '../core/time';
import { between, type Duration } from '../core/time';
import { columns, cut } from './columns';
import { harmless } from './harmless';
import { type LiveStack, type LiveState, type Phase, soakLeft } from './live-state';
import type { Paint } from './paint';
import { spanText } from './time';
import { plural } from './words';

export interface Screen {
  /** Lines and cells of the terminal. */
  readonly rows: number;
  readonly columns: number;
  readonly paint: Paint;
  /** Counts up with every drawing: turns the spinner. */
  readonly frame: number;
  readonly now: Instant;
  /** Engine and cloud. */
  readonly title: string;
}

const SPIN = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
export const spinner = (frame: number): string => SPIN[frame % SPIN.length] ?? '⠋';

/** A terminal this narrow shows stacks without channel and wave. */
const NARROW = 60;

/** Stacks by channel and wave, what each is doing, one summary line; never more than `rows` − 3 lines (3 at least). */
export function liveView(state: LiveState, screen: Screen): string {
  const { paint } = screen;
  const rows = rowsOf(state, screen);
  const room = Math.max(1, screen.rows - 3 - 2);
  const focus = rows.findIndex(({ wave }) => wave === state.wave);
  const from = Math.max(0, Math.min(rows.length - room, focus - 1));
  const shown = rows.slice(from, from + room);
  const lines = columns(shown.map((row) => row.cells));
  const head = `${state.release} → ${plural(state.stacks.size, 'stack')}   ${screen.title}`;
  return [
    paint.strong(cut(head, screen.columns)),
    ...lines.map((line, index) => colour(cut(line, screen.columns), shown[index]?.phase ?? 'waiting', paint)),
    cut([...facts(state, screen.now), ...hidden(rows.length - shown.length)].join(' · '), screen.columns),
  ].join('\n');
}

/** What is under way, in a few words, for lines between long silences: `canary-us1 soaking, 1h 20m left`. */
export function busyText(state: LiveState, now: Instant): string {
  const busy = [...state.stacks].filter(([, { phase }]) => isBusy(phase));
  const said = busy.map(([name, stack]) => `${name} ${phaseText(stack, now)}`);
  return [...said, ...facts(state, now)].join(' · ');
}

interface Row {
  readonly cells: readonly string[];
  readonly phase: Phase;
  readonly wave: number;
}

const WAITING: LiveStack = { phase: 'waiting', detail: '', steps: 0 };

function rowsOf(state: LiveState, screen: Screen): readonly Row[] {
  const waves = state.plan ? wavesOf(state.plan) : [];
  return waves.flatMap(({ index, channel, stacks }) =>
    stacks.map((name, place): Row => {
      const stack = state.stacks.get(name) ?? WAITING;
      const isFirst = place === 0 && channel.waves[0] === stacks;
      const where = [isFirst ? channel.name : '', place === 0 ? `wave ${index + 1}` : ''];
      const what = [`${sign(stack.phase, screen.frame)} ${name}`, phaseText(stack, screen.now)];
      return {
        cells: screen.columns < NARROW ? what : [...where, ...what],
        phase: stack.phase,
        wave: index,
      };
    }),
  );
}

const isBusy = (phase: Phase): boolean =>
  phase === 'updating' || phase === 'going back' || phase === 'soaking';

function sign(phase: Phase, frame: number): string {
  switch (phase) {
    case 'waiting':
      return '·';
    case 'updating':
    case 'going back':
    case 'soaking':
      return spinner(frame);
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

function phaseText(stack: LiveStack, now: Instant): string {
  if (stack.phase === 'waiting') return '';
  const left = stack.phase === 'soaking' ? soakLeft(stack, now) : undefined;
  // Soaked long enough, and still it must pass its checks.
  const rest = left === undefined || left === 0 ? '' : `, ${spanText(left)} left`;
  const steps = stack.steps > 0 ? `, ${plural(stack.steps, 'step')}` : '';
  const detail = stack.detail === '' ? '' : `: ${harmless(stack.detail)}`;
  return `${stack.phase}${rest}${steps}${detail}`;
}

function colour(line: string, phase: Phase, paint: Paint): string {
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

/** `3 of 8 updated`, `wave 3 of 7`, what went wrong, the soak's countdown, the time so far. */
function facts(state: LiveState, now: Instant): readonly string[] {
  const stacks = [...state.stacks.values()];
  const count = (...phases: readonly Phase[]): number =>
    stacks.filter(({ phase }) => phases.includes(phase)).length;
  const waves = state.plan ? wavesOf(state.plan) : [];
  const wave = waves[state.wave];
  const wrong = (['unhealthy', 'failed', 'unknown', 'taken back'] as const).filter(
    (phase) => count(phase) > 0,
  );
  const soak = longest(stacks, now);
  return [
    `${count('healthy', 'soaking')} of ${stacks.length} updated`,
    ...wrong.map((phase) => `${count(phase)} ${phase}`),
    ...(wave && state.outcome === undefined ? [`wave ${wave.index + 1} of ${waves.length}`] : []),
    ...(wave && soak ? [`soaking ${wave.channel.name}: ${spanText(soak)} left`] : []),
    ...(state.startedAt === undefined ? [] : [`${spanText(between(state.startedAt, now))} so far`]),
  ];
}

/** The soak is over when the last stack has soaked; it has not begun while one is still being updated. */
function longest(stacks: readonly LiveStack[], now: Instant): Duration | undefined {
  if (stacks.some(({ phase }) => phase === 'updating' || phase === 'going back')) return undefined;
  const left = stacks.flatMap((stack) => (stack.phase === 'soaking' ? [soakLeft(stack, now)] : []));
  return left.reduce<Duration | undefined>(
    (most, each) => (each !== undefined && (most === undefined || each > most) ? each : most),
    undefined,
  );
}

const hidden = (count: number): readonly string[] =>
  count > 0 ? [`${plural(count, 'stack')} not shown`] : [];
