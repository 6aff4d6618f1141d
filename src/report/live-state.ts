import type { LedgerEvent, Outcome, StackEnd } from '../core/event';
import type { Plan } from '../core/plan';
import type { StackHealth } from '../core/stack-health';
import type { Instant } from '../core/time';
import { between, type Duration, duration } from '../core/time';
import type { Progress } from '../engine/port';

/** What a person who watches a rollout sees: made from ledger events, the engine's progress and the loop's view of health. */
export interface LiveState {
  readonly release: string;
  readonly plan: Plan | undefined;
  readonly startedAt: Instant | undefined;
  readonly stacks: ReadonlyMap<string, LiveStack>;
  /** Index over all waves of the plan; −1 before the first. */
  readonly wave: number;
  readonly outcome: Outcome | undefined;
}

export interface LiveStack {
  readonly phase: Phase;
  /** The resource worked on, or why it is not healthy. */
  readonly detail: string;
  /** Resources worked on so far in this update. */
  readonly steps: number;
  /** Healthy time still needed, as it was `at`; it shrinks only while the stack is healthy. */
  readonly soak?: { readonly left: Duration; readonly at: Instant; readonly isHealthy: boolean };
}

export type Phase =
  | 'waiting'
  | 'updating'
  | 'soaking'
  | 'healthy'
  | 'unhealthy'
  | 'failed'
  | 'going back'
  | 'taken back'
  | 'unknown';

export const emptyLive: LiveState = {
  release: '',
  plan: undefined,
  startedAt: undefined,
  stacks: new Map(),
  wave: -1,
  outcome: undefined,
};

const inPhase = (phase: Phase, detail = ''): LiveStack => ({ phase, detail, steps: 0 });

export function takeEvent(state: LiveState, event: LedgerEvent, at: Instant): LiveState {
  switch (event.type) {
    case 'rollout-started': {
      const stacks = new Map(Object.keys(event.plan.targets).map((name) => [name, inPhase('waiting')]));
      return { ...emptyLive, release: event.release, plan: event.plan, startedAt: at, stacks };
    }
    case 'wave-started':
      return { ...state, wave: event.wave };
    case 'apply-started':
      return put(state, event.stack, inPhase(event.direction === 'forward' ? 'updating' : 'going back'));
    case 'apply-ended': {
      const { result, direction, failure } = event;
      if (result === 'succeeded')
        return put(state, event.stack, inPhase(direction === 'forward' ? 'soaking' : 'taken back'));
      return put(state, event.stack, inPhase(result === 'lost' ? 'unknown' : 'failed', failure?.message));
    }
    case 'sampled': {
      const isSoaking = state.stacks.get(event.stack)?.phase === 'soaking';
      return isSoaking && event.verdict !== 'healthy'
        ? put(state, event.stack, inPhase('soaking', `${event.check} ${event.verdict}: ${event.reason}`))
        : state;
    }
    case 'stack-unhealthy':
      return put(state, event.stack, inPhase('unhealthy', event.reason));
    case 'wave-ended':
      return each(state, (stack) => (stack.phase === 'soaking' ? inPhase('healthy') : stack));
    case 'rollout-ended':
      return each({ ...state, outcome: event.outcome }, (stack, name) => settled(stack, event.stacks[name]));
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

/** How an updated stack does by now; what the ledger says of it goes first. */
export function takeHealth(state: LiveState, name: string, health: StackHealth, at: Instant): LiveState {
  const stack = state.stacks.get(name);
  if (!stack || (stack.phase !== 'soaking' && stack.phase !== 'healthy')) return state;
  if (health.isSoaked) return put(state, name, inPhase('healthy'));
  // It has soaked before; that a sample is late is no news, that a check fails is.
  if (stack.phase === 'healthy' && health.verdict !== 'unhealthy') return state;
  const isHealthy = health.verdict === 'healthy';
  const left = duration(Math.max(0, health.wanted - health.soaked));
  const detail = isHealthy ? '' : health.reason;
  return put(state, name, { phase: 'soaking', detail, steps: 0, soak: { left, at, isHealthy } });
}

/** Healthy time that a soaking stack still needs; undefined where nothing is known of it yet. */
export function soakLeft({ soak }: LiveStack, now: Instant): Duration | undefined {
  if (!soak) return undefined;
  const passed = soak.isHealthy ? Math.max(0, between(soak.at, now)) : 0;
  return duration(Math.max(0, soak.left - passed));
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

const each = (state: LiveState, change: (stack: LiveStack, name: string) => LiveStack): LiveState => ({
  ...state,
  stacks: new Map([...state.stacks].map(([name, stack]) => [name, change(stack, name)])),
});

function settled(stack: LiveStack, end: StackEnd | undefined): LiveStack {
  switch (end) {
    case 'updated':
    case 'already':
      return inPhase('healthy');
    case 'taken back':
      return inPhase('taken back');
    case 'unhealthy':
      return { ...stack, phase: 'unhealthy' };
    case 'failed':
      return { ...stack, phase: stack.phase === 'unhealthy' ? 'unhealthy' : 'failed' };
    case 'unknown':
      return { ...stack, phase: 'unknown' };
    case 'not started':
    case undefined:
      return stack;
  }
}
