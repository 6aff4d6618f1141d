import type { LedgerEvent, StackEnd } from '../core/event';
import type { Plan } from '../core/plan';
import type { Duration, Instant } from '../core/time';
import type { Progress } from '../engine/port';

/** What the live view shows of one rollout; made from ledger events and the engine's progress, nothing else. */
export interface LiveState {
  readonly release: string;
  readonly plan: Plan | undefined;
  readonly startedAt: Instant | undefined;
  readonly stacks: ReadonlyMap<string, LiveStack>;
  readonly wave: number;
  /** Since when the current wave's stacks are all updated, and how long it must stay healthy. */
  readonly soak: { readonly channel: string; readonly since: Instant; readonly needed: Duration } | undefined;
  readonly outcome: string | undefined;
}

export interface LiveStack {
  readonly phase:
    | 'waiting'
    | 'updating'
    | 'soaking'
    | 'healthy'
    | 'unhealthy'
    | 'failed'
    | 'going back'
    | 'taken back'
    | 'unknown';
  /** The resource worked on, or what the last check said. */
  readonly detail: string;
  readonly steps: number;
}

export const emptyLive: LiveState = {
  release: '',
  plan: undefined,
  startedAt: undefined,
  stacks: new Map(),
  wave: -1,
  soak: undefined,
  outcome: undefined,
};

const WAITING: LiveStack = { phase: 'waiting', detail: '', steps: 0 };

export function takeEvent(state: LiveState, event: LedgerEvent, at: Instant): LiveState {
  switch (event.type) {
    case 'rollout-started': {
      const stacks = new Map(Object.keys(event.plan.targets).map((name) => [name, WAITING]));
      return { ...emptyLive, release: event.release, plan: event.plan, startedAt: at, stacks };
    }
    case 'wave-started':
      return { ...state, wave: event.wave, soak: undefined };
    case 'apply-started':
      return put(state, event.stack, {
        phase: event.direction === 'forward' ? 'updating' : 'going back',
        detail: '',
        steps: 0,
      });
    case 'apply-ended': {
      if (event.result !== 'succeeded')
        return put(state, event.stack, {
          phase: event.result === 'lost' ? 'unknown' : 'failed',
          detail: event.failure?.message ?? '',
          steps: 0,
        });
      const ended = put(state, event.stack, {
        phase: event.direction === 'forward' ? 'soaking' : 'taken back',
        detail: '',
        steps: 0,
      });
      return withSoak(ended, at);
    }
    case 'sampled':
      return state.stacks.get(event.stack)?.phase === 'soaking' && event.verdict !== 'healthy'
        ? put(state, event.stack, {
            phase: 'soaking',
            detail: `${event.check} ${event.verdict}: ${event.reason}`,
            steps: 0,
          })
        : state;
    case 'stack-unhealthy':
      return put(state, event.stack, { phase: 'unhealthy', detail: event.reason, steps: 0 });
    case 'wave-ended': {
      const ended = [...state.stacks].map(
        ([name, stack]) =>
          [
            name,
            stack.phase === 'soaking' ? { ...stack, phase: 'healthy' as const, detail: '' } : stack,
          ] as const,
      );
      return { ...state, stacks: new Map(ended), soak: undefined };
    }
    case 'rollout-ended':
      return {
        ...state,
        outcome: event.outcome,
        soak: undefined,
        stacks: new Map([...state.stacks].map(([name, stack]) => [name, settled(stack, event.stacks[name])])),
      };
    default:
      return state;
  }
}

export function takeProgress(state: LiveState, name: string, progress: Progress): LiveState {
  const stack = state.stacks.get(name);
  if (!stack || (stack.phase !== 'updating' && stack.phase !== 'going back')) return state;
  const [, , type = '', resource = ''] = progress.urn.split('::');
  const short = type.slice(type.lastIndexOf(':') + 1);
  return put(state, name, {
    ...stack,
    detail: progress.done ? stack.detail : `${VERB[progress.step]} ${short} ${resource}`,
    steps: stack.steps + (progress.done ? 1 : 0),
  });
}

const VERB = {
  create: 'creating',
  update: 'updating',
  replace: 'replacing',
  delete: 'deleting',
  same: 'checking',
  read: 'reading',
  refresh: 'refreshing',
} as const;

const put = (state: LiveState, name: string, stack: LiveStack): LiveState => ({
  ...state,
  stacks: new Map(state.stacks).set(name, stack),
});

function withSoak(state: LiveState, at: Instant): LiveState {
  const { plan } = state;
  const waves =
    plan?.channels.flatMap((channel) => channel.waves.map((stacks) => ({ channel, stacks }))) ?? [];
  const wave = waves[state.wave];
  if (!wave || wave.stacks.some((name) => state.stacks.get(name)?.phase !== 'soaking')) return state;
  return { ...state, soak: { channel: wave.channel.name, since: at, needed: wave.channel.soak } };
}

function settled(stack: LiveStack, end: StackEnd | undefined): LiveStack {
  switch (end) {
    case 'updated':
    case 'already':
      return { ...stack, phase: 'healthy', detail: '' };
    case 'taken back':
      return { ...stack, phase: 'taken back', detail: '' };
    case 'failed':
      return { ...stack, phase: stack.phase === 'unhealthy' ? 'unhealthy' : 'failed' };
    case 'unknown':
      return { ...stack, phase: 'unknown' };
    case 'not started':
    case undefined:
      return stack;
  }
}
