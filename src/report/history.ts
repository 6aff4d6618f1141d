import type { ApplyEnded, ApplyStarted, Direction, Outcome, Recorded } from '../core/event';
import type { RolloutKind } from '../core/plan';
import type { Instant } from '../core/time';
import { between } from '../core/time';
import { columns } from './columns';
import { harmlessly } from './harmless';
import type { Paint } from './paint';
import { instantText, minuteText, spanText } from './time';
import { countsText, plural, sentence } from './words';

/** One rollout from its start to its end, as the ledger has it. */
export interface RolloutLine {
  readonly track: string;
  readonly rollout: string;
  readonly kind: RolloutKind;
  readonly release: string;
  readonly actor: string;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  readonly outcome?: Outcome;
  readonly reason?: string;
  readonly stacks: number;
}

/** One update of one stack. */
export interface UpdateLine {
  readonly track: string;
  readonly stack: string;
  readonly deployment: string;
  readonly direction: Direction;
  readonly release?: string;
  readonly components: Readonly<Record<string, string>>;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  readonly result?: ApplyEnded['result'];
  readonly changes?: string;
}

export function rolloutLines(log: readonly Recorded[]): readonly RolloutLine[] {
  const lines = new Map<string, RolloutLine>();
  for (const { event, at, actor, track } of log) {
    if (event.type === 'rollout-started') {
      const { rollout, kind, release, plan } = event;
      lines.set(rollout, {
        track,
        rollout,
        kind,
        release,
        actor,
        startedAt: at,
        stacks: Object.keys(plan.targets).length,
      });
    }
    const line = event.type === 'rollout-ended' ? lines.get(event.rollout) : undefined;
    if (line && event.type === 'rollout-ended')
      lines.set(line.rollout, { ...line, endedAt: at, outcome: event.outcome, reason: event.reason });
  }
  return [...lines.values()];
}

export function updateLines(log: readonly Recorded[], stack: string): readonly UpdateLine[] {
  const lines = new Map<string, UpdateLine>();
  for (const { event, at, track } of log) {
    if (event.type === 'apply-started' && event.stack === stack)
      lines.set(event.deployment, begun(track, event, at));
    const line = event.type === 'apply-ended' ? lines.get(event.deployment) : undefined;
    if (!line || event.type !== 'apply-ended') continue;
    lines.set(line.deployment, {
      ...line,
      endedAt: at,
      result: event.result,
      ...(event.counts ? { changes: countsText(event.counts) } : {}),
    });
  }
  return [...lines.values()];
}

function begun(track: string, event: ApplyStarted, at: Instant): UpdateLine {
  const components = Object.fromEntries(
    Object.entries(event.contents).map(([name, { commit }]) => [name, commit]),
  );
  return {
    track,
    stack: event.stack,
    deployment: event.deployment,
    direction: event.direction,
    components,
    startedAt: at,
    ...(event.release === undefined ? {} : { release: event.release }),
  };
}

export function rolloutsText(lines: readonly RolloutLine[], paint: Paint): string {
  if (lines.length === 0) return 'nothing has happened yet';
  const rows = harmlessly(lines).map(
    ({ startedAt, endedAt, track, kind, release, outcome, reason, stacks, actor }) => [
      minuteText(startedAt),
      track,
      kind,
      release,
      plural(stacks, 'stack'),
      endedAt === undefined ? '' : spanText(between(startedAt, endedAt)),
      actor,
      outcome === undefined ? paint.accent('open') : outcomeText(outcome, reason ?? '', paint),
    ],
  );
  const heads = ['when', 'track', 'kind', 'release', 'stacks', 'took', 'by', 'outcome'];
  return columns([heads.map(paint.quiet), ...rows], new Set(), paint.width).join('\n');
}

export function updatesText(lines: readonly UpdateLine[], paint: Paint): string {
  if (lines.length === 0) return 'this stack was never updated';
  const rows = harmlessly(lines).map((line) => [
    minuteText(line.startedAt),
    line.direction === 'forward' ? 'update' : 'take back',
    line.release ?? '(before)',
    line.endedAt === undefined ? '' : spanText(between(line.startedAt, line.endedAt)),
    line.result === undefined
      ? paint.accent('open')
      : line.result === 'succeeded'
        ? paint.good('succeeded')
        : paint.bad(line.result),
    line.changes ?? '',
    paint.quiet(line.deployment),
  ]);
  const heads = ['when', 'what', 'release', 'took', 'result', 'changes', 'deployment'];
  return columns([heads.map(paint.quiet), ...rows], new Set(), paint.width).join('\n');
}

export const eventsText = (log: readonly Recorded[], paint: Paint): string =>
  log
    .map(({ at, track, event }) => `${paint.quiet(instantText(at))}  ${track}  ${sentence(event)}`)
    .join('\n');

function outcomeText(outcome: Outcome, reason: string, paint: Paint): string {
  if (outcome === 'converged') return paint.good(outcome);
  return paint.bad(outcome) + (reason === '' ? '' : paint.quiet(`: ${reason}`));
}
