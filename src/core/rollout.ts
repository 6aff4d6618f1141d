import type {
  AbortRequested,
  ApplyEnded,
  ApplyStarted,
  Direction,
  Outcome,
  Recorded,
  RolloutStarted,
  Sampled,
  StackPreviewed,
  TakeBackStarted,
} from './event';
import type { Plan } from './plan';
import { type CheckHealth, unsampled, withSamples } from './soak';
import type { Instant } from './time';

/** Everything the ledger says about one rollout. A fold: the same entries give the same state. */
export interface RolloutState {
  readonly started: RolloutStarted;
  readonly wavesStarted: number;
  readonly wavesEnded: number;
  readonly stacks: ReadonlyMap<string, StackProgress>;
  readonly takeBacks: readonly TakeBackStarted[];
  readonly abort?: AbortRequested & { readonly actor: string };
  /** Somebody vetoed the release after the rollout began. */
  readonly veto?: string;
  readonly outcome?: Outcome;
}

export interface StackProgress {
  readonly preview?: StackPreviewed;
  /** The preview that was reviewed: the first one, or one accepted since. */
  readonly reviewed?: StackPreviewed;
  /** The preview of the way back, if it was made. */
  readonly wayBack?: StackPreviewed;
  readonly forward?: Attempt;
  readonly back?: Attempt;
  /** Final judgement of its checks in this rollout. */
  readonly unhealthy?: string;
  /** By check, since the forward apply ended. */
  readonly health: ReadonlyMap<string, CheckHealth>;
}

export interface Attempt {
  readonly intent: ApplyStarted;
  readonly end?: ApplyEnded & { readonly at: Instant };
  /** How often it was lost while its driver looked on; a driver that was killed itself says nothing about the stack. */
  readonly losses: number;
}

const untouched: StackProgress = { health: new Map() };

export const progressOf = (state: RolloutState, stack: string): StackProgress =>
  state.stacks.get(stack) ?? untouched;

export const isApplied = (progress: StackProgress): boolean =>
  progress.forward?.end?.result === 'succeeded' && !progress.back;

/** Something of this rollout was, or may have been, done to the stack. */
export const isTouched = (progress: StackProgress): boolean => progress.forward !== undefined;

export const isBack = (progress: StackProgress): boolean => progress.back?.end?.result === 'succeeded';

/** The state of the rollout with this id; undefined where the entries do not start it. */
export function replay(entries: readonly Recorded[], rollout: string): RolloutState | undefined {
  const start = entries.findIndex(
    ({ event }) => event.type === 'rollout-started' && event.rollout === rollout,
  );
  const event = entries[start]?.event;
  if (event?.type !== 'rollout-started') return undefined;
  return entries.slice(start + 1).reduce(advance, opened(event));
}

export function opened(started: RolloutStarted): RolloutState {
  return { started, wavesStarted: 0, wavesEnded: 0, stacks: new Map(), takeBacks: [] };
}

/** The state after one more entry; entries of other rollouts change nothing. */
export function advance(
  state: RolloutState,
  { event, at, actor }: Pick<Recorded, 'event' | 'at' | 'actor'>,
): RolloutState {
  if ('rollout' in event && event.rollout !== state.started.rollout) return state;
  switch (event.type) {
    case 'stack-previewed':
      return changed(state, event.stack, (progress) => previewed(progress, event));
    case 'previews-accepted':
      return Object.entries(event.digests).reduce(
        (next, [stack, digest]) => changed(next, stack, (progress) => accepted(progress, digest)),
        state,
      );
    case 'wave-started':
      return { ...state, wavesStarted: Math.max(state.wavesStarted, event.wave + 1) };
    case 'wave-ended':
      return { ...state, wavesEnded: Math.max(state.wavesEnded, event.wave + 1) };
    case 'apply-started':
      return changed(state, event.stack, (progress) => ({
        ...progress,
        [event.direction]: { intent: event, losses: progress[event.direction]?.losses ?? 0 },
        health: new Map(),
      }));
    case 'apply-ended':
      return changed(state, event.stack, (progress) => ended(progress, { ...event, at }, state.started.plan));
    case 'sampled':
      return changed(state, event.stack, (progress) => sampled(progress, event, state.started.plan));
    case 'stack-unhealthy':
      return changed(state, event.stack, (progress) => ({ ...progress, unhealthy: event.reason }));
    case 'take-back-started':
      return { ...state, takeBacks: [...state.takeBacks, event] };
    case 'abort-requested':
      return { ...state, abort: { ...event, actor } };
    case 'veto-set':
      return event.release === state.started.release ? { ...state, veto: event.reason } : state;
    case 'veto-cleared': {
      const { veto: _, ...rest } = state;
      return event.release === state.started.release ? rest : state;
    }
    case 'rollout-ended':
      return { ...state, outcome: event.outcome };
    case 'release-recorded':
    case 'rollout-started':
    case 'release-proven':
      return state;
  }
}

function changed(
  state: RolloutState,
  stack: string,
  change: (progress: StackProgress) => StackProgress,
): RolloutState {
  return { ...state, stacks: new Map(state.stacks).set(stack, change(progressOf(state, stack))) };
}

function previewed(progress: StackProgress, event: StackPreviewed): StackProgress {
  if (event.direction === 'back') return { ...progress, wayBack: event };
  return { ...progress, preview: event, reviewed: progress.reviewed ?? event };
}

/** Only what is on record can be agreed to. */
function accepted(progress: StackProgress, digest: string): StackProgress {
  const { preview } = progress;
  return preview?.digest === digest ? { ...progress, reviewed: preview } : progress;
}

/** An outcome belongs to the intent with its deployment id; an apply that ended erases what was sampled before it. */
function ended(
  progress: StackProgress,
  end: ApplyEnded & { readonly at: Instant },
  plan: Plan,
): StackProgress {
  const attempt = progress[end.direction];
  if (attempt?.intent.deployment !== end.deployment || attempt.end) return progress;
  const checks = plan.targets[end.stack]?.checks ?? [];
  const wasSeen = end.result === 'lost' && end.failure !== undefined;
  return {
    ...progress,
    [end.direction]: { ...attempt, end, losses: attempt.losses + (wasSeen ? 1 : 0) },
    health: new Map(checks.map((check) => [check.name, unsampled(end.at)])),
  };
}

/** Samples of another deployment, of another release, or taken before the apply ended change nothing. */
function sampled(progress: StackProgress, event: Sampled, plan: Plan): StackProgress {
  const attempt = progress.back ?? progress.forward;
  const check = plan.targets[event.stack]?.checks.find((each) => each.name === event.check);
  const health = progress.health.get(event.check);
  if (!attempt?.end || !check || !health) return progress;
  const isOurs = attempt.intent.deployment === event.deployment && attempt.intent.release === event.release;
  if (!isOurs || event.from <= attempt.end.at || event.until < event.from) return progress;
  return {
    ...progress,
    health: new Map(progress.health).set(event.check, withSamples(health, check.pass, event)),
  };
}

/** Applies whose intent is written and whose end is not. */
export function inFlight(state: RolloutState): ApplyStarted[] {
  return [...state.stacks.values()].flatMap((progress) =>
    (['forward', 'back'] satisfies Direction[]).flatMap((direction) => {
      const attempt = progress[direction];
      return attempt && !attempt.end ? [attempt.intent] : [];
    }),
  );
}
