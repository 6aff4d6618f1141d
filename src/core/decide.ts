import type { ApplyStarted, Direction, Outcome, TakeBackStarted } from './event';
import { failuresOf, overBudget } from './failures';
import { ask, type GateVerdict, startGates } from './gate';
import { type PlanWave, wavesOf } from './plan';
import { inFlight, isApplied, isBack, isTouched, progressOf, type RolloutState } from './rollout';
import { type Room, startable } from './room';
import { healthOf, illAfterwards, isLookedAt } from './stack-health';
import { startableBack, takeBackOf } from './take-back';
import type { Instant } from './time';

/** What the driver knows besides the ledger. */
export interface Situation extends Room {
  readonly now: Instant;
  /** Stacks this driver is applying at this moment. */
  readonly busy: ReadonlySet<string>;
  /** Stacks whose preview no longer fits their state or their configuration. */
  readonly stale: ReadonlySet<string>;
}

/** The one thing to do next. `settle`: let running applies end. `observe`: sample these stacks, time must pass. */
export type Step =
  | { readonly do: 'stop'; readonly outcome: Outcome }
  | { readonly do: 'recover'; readonly applies: readonly ApplyStarted[] }
  | { readonly do: 'settle'; readonly reason: string }
  | { readonly do: 'judge'; readonly stack: string; readonly reason: string }
  | { readonly do: 'preview'; readonly direction: Direction; readonly stacks: readonly string[] }
  | { readonly do: 'start-wave'; readonly wave: PlanWave }
  | { readonly do: 'apply'; readonly direction: Direction; readonly stacks: readonly string[] }
  | { readonly do: 'observe'; readonly reason: string }
  | { readonly do: 'end-wave'; readonly wave: PlanWave }
  | ({ readonly do: 'take-back' } & Pick<TakeBackStarted, 'scope' | 'stacks' | 'reason'>)
  | ({ readonly do: 'wait' } & Pick<Extract<GateVerdict, { is: 'wait' }>, 'reason' | 'until' | 'needs'>)
  | { readonly do: 'finish'; readonly outcome: Outcome; readonly reason: string };

/** The policy: looks at the facts, returns the next step, touches nothing. The same facts give the same step. */
export function decide(state: RolloutState, situation: Situation): Step {
  const { now, busy } = situation;
  if (state.outcome) return { do: 'stop', outcome: state.outcome };
  const open = inFlight(state).filter(({ stack }) => !busy.has(stack));
  if (open.length > 0) return { do: 'recover', applies: open };
  const lost = sick(state, now);
  if (lost) return { do: 'judge', ...lost };
  const suspect = suspects(state);
  if (suspect) return settled(situation, { do: 'finish', outcome: 'stuck', reason: suspect });
  const taking = state.takeBacks.find((event) => !event.stacks.every((stack) => isLookedAt(state, stack)));
  const over = overBudget(state);
  if (state.takeBacks.some(({ scope }) => scope === 'rollout')) return goBack(state, situation);
  if (state.abort) return settled(situation, abort(state));
  const other = otherThanReviewed(state);
  if (other) return settled(situation, { do: 'finish', outcome: 'halted', reason: other });
  if (over)
    return settled(
      situation,
      takeBackOf(state, { scope: 'rollout', reason: over.reason, channel: over.channel }),
    );
  if (taking) return goBack(state, situation);
  const single = [...failuresOf(state)].find(
    ([stack]) => isTouched(progressOf(state, stack)) && !progressOf(state, stack).back,
  );
  if (single)
    return settled(situation, takeBackOf(state, { scope: 'stack', reason: single[1], stack: single[0] }));
  const wave = wavesOf(state.started.plan)[state.wavesEnded];
  return wave ? goOn(state, wave, situation) : finish(state, now);
}

function goOn(state: RolloutState, wave: PlanWave, situation: Situation): Step {
  const failed = failuresOf(state);
  const left = wave.stacks.filter((stack) => !failed.has(stack));
  const waiting = left.filter((stack) => !situation.busy.has(stack) && !isApplied(progressOf(state, stack)));
  if (waiting.length > 0) {
    const verdict = ask(startGates, { state, stacks: waiting, stale: situation.stale, now: situation.now });
    if (verdict.is === 'soak') return { do: 'observe', reason: verdict.reason };
    if (verdict.is === 'preview') return { do: 'preview', direction: 'forward', stacks: verdict.stacks };
    if (verdict.is === 'wait') return settled(situation, waitFor(verdict));
    if (verdict.is === 'refuse')
      return settled(situation, { do: 'finish', outcome: 'halted', reason: verdict.reason });
    if (state.wavesStarted <= wave.index) return { do: 'start-wave', wave };
    const ready = waiting.filter((stack) => dependenciesApplied(state, stack));
    const free = startable(ready, situation.busy, situation);
    if (free.length > 0) return { do: 'apply', direction: 'forward', stacks: free };
  }
  if (situation.busy.size > 0)
    return { do: 'settle', reason: `${[...situation.busy].join(', ')} being updated` };
  const soaking = left.find((stack) => !healthOf(state, stack, situation.now).isSoaked);
  return soaking === undefined
    ? { do: 'end-wave', wave }
    : { do: 'observe', reason: `${soaking} is soaking` };
}

function goBack(state: RolloutState, situation: Situation): Step {
  const stacks = state.takeBacks.flatMap((event) => event.stacks);
  const failed = stacks.filter(
    (stack) => progressOf(state, stack).back?.end && !isBack(progressOf(state, stack)),
  );
  const scope = state.takeBacks.at(-1)?.scope;
  const reason = state.takeBacks.at(-1)?.reason ?? '';
  if (state.abort?.mode === 'stop' && scope === 'rollout') {
    return settled(situation, { do: 'finish', outcome: 'aborted', reason: abortReason(state) });
  }
  const ready = startableBack(state, situation.busy);
  const free = startable(ready, situation.busy, situation);
  if (free.length > 0) return { do: 'apply', direction: 'back', stacks: free };
  if (situation.busy.size > 0)
    return { do: 'settle', reason: `${[...situation.busy].join(', ')} being taken back` };
  if (failed.length > 0) {
    return {
      do: 'finish',
      outcome: 'stuck',
      reason: `the way back of ${failed.join(', ')} failed too; ${reason}`,
    };
  }
  const unseen = stacks.find((stack) => !isLookedAt(state, stack));
  if (unseen !== undefined) return { do: 'observe', reason: `${unseen} is looked at after its way back` };
  return { do: 'finish', outcome: 'rolled back', reason: [reason, ...afterwards(state)].join('; ') };
}

/** Taken back is no proof of health: what the checks say of it by then is part of the end. */
function afterwards(state: RolloutState): string[] {
  const ill = state.takeBacks.flatMap(({ stacks }) =>
    stacks.flatMap((stack) => {
      const reason = illAfterwards(state, stack);
      return reason === undefined ? [] : [`${stack} (${reason})`];
    }),
  );
  return ill.length === 0 ? [] : [`taken back, but not healthy: ${ill.join(', ')}`];
}

/** An abort wins over everything but a way back under way; it never undoes a rollback. */
function abort(state: RolloutState): Step {
  if (
    state.abort?.mode === 'take-back' &&
    state.started.kind !== 'rollback' &&
    [...state.stacks.values()].some(isTouched)
  ) {
    return takeBackOf(state, { scope: 'rollout', reason: abortReason(state) });
  }
  return { do: 'finish', outcome: 'aborted', reason: abortReason(state) };
}

const abortReason = (state: RolloutState): string =>
  `aborted by ${state.abort?.actor}: ${state.abort?.reason}`;

/** Converged means: every stack of the plan, without exception, soaked to the end (invariant 21). */
function finish(state: RolloutState, now: Instant): Step {
  const failed = failuresOf(state);
  const stacks = Object.keys(state.started.plan.targets).filter((stack) => !failed.has(stack));
  const soaking = stacks.find((stack) => !healthOf(state, stack, now).isSoaked);
  if (soaking !== undefined) return { do: 'observe', reason: `${soaking} is soaking` };
  if (failed.size === 0)
    return { do: 'finish', outcome: 'converged', reason: 'all subscribers updated and soaked' };
  const names = [...failed.keys()].join(', ');
  return { do: 'finish', outcome: 'halted', reason: `done but for ${names}, within the failure budget` };
}

/** Nothing new is started; what runs may end first. */
function settled({ busy }: Situation, step: Step): Step {
  return busy.size > 0 ? { do: 'settle', reason: `${[...busy].join(', ')} may end first` } : step;
}

function waitFor({ is: _, ...why }: Extract<GateVerdict, { is: 'wait' }>): Step {
  return { do: 'wait', ...why };
}

function sick(state: RolloutState, now: Instant): { stack: string; reason: string } | undefined {
  for (const [stack, progress] of state.stacks) {
    const lost = progress.unhealthy === undefined ? healthOf(state, stack, now).lost : undefined;
    if (lost !== undefined) return { stack, reason: lost };
  }
  return undefined;
}

function suspects(state: RolloutState): string | undefined {
  for (const [stack, { forward, back }] of state.stacks) {
    const [first] = [...(back?.end?.suspects ?? []), ...(forward?.end?.suspects ?? [])];
    if (first !== undefined) return `${stack}: nobody can know whether ${first} happened`;
  }
  return undefined;
}

/** An approval holds for what was reviewed; what was done otherwise, somebody must look at. */
function otherThanReviewed(state: RolloutState): string | undefined {
  for (const [stack, { forward }] of state.stacks) {
    const [first, ...others] = forward?.end?.unlike ?? [];
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    if (first !== undefined) return `${stack} did not change as reviewed: ${first}${more}`;
  }
  return undefined;
}

function dependenciesApplied(state: RolloutState, stack: string): boolean {
  const target = state.started.plan.targets[stack];
  return (target?.dependsOn ?? []).every((name) => isApplied(progressOf(state, name)));
}
