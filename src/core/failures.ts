import type { ApplyEnded } from './event';
import { wavesOf } from './plan';
import { progressOf, type RolloutState } from './rollout';
import { illAfterwards } from './stack-health';

/** An apply that was lost under its driver's eyes is tried again, but not for ever. */
export const attemptLimit = 3;

/** The stacks that failed in this rollout, in the order of the plan, and why. */
export function failuresOf(state: RolloutState): Map<string, string> {
  const failures = new Map<string, string>();
  // The plan's order puts dependencies first, so one pass finds what fails only because of another.
  for (const stack of wavesOf(state.started.plan).flatMap((wave) => wave.stacks)) {
    const reason = ownFailure(state, stack) ?? dependencyFailure(state, stack, failures);
    if (reason !== undefined) failures.set(stack, reason);
  }
  return failures;
}

function ownFailure(state: RolloutState, stack: string): string | undefined {
  const { forward, unhealthy } = progressOf(state, stack);
  if (unhealthy !== undefined) return `${stack} is unhealthy: ${unhealthy}`;
  const end = forward?.end;
  if (end?.result === 'failed')
    return `${stack}: update failed: ${end.failure?.message ?? 'no reason given'}`;
  if (end?.result === 'lost' && forward && forward.losses >= attemptLimit) {
    return `${stack}: the update was lost ${attemptLimit} times`;
  }
  return undefined;
}

/** What was wrong with one stack, in the order in which it happened, each told without its name. */
export function troublesOf(state: RolloutState, stack: string): string[] {
  const { forward, back, unhealthy } = progressOf(state, stack);
  const ill = illAfterwards(state, stack);
  const why = (end: ApplyEnded): string => (end.failure ? `: ${end.failure.message}` : '');
  return [
    ...(forward?.end?.result === 'failed' ? [`update failed${why(forward.end)}`] : []),
    ...(forward?.end?.result === 'lost' ? [`the update was lost${why(forward.end)}`] : []),
    ...(forward?.end?.unlike ?? []).map((what) => `not as reviewed: ${what}`),
    ...(unhealthy === undefined ? [] : [`unhealthy: ${unhealthy}`]),
    ...(back?.end?.result === 'failed' ? [`the way back failed${why(back.end)}`] : []),
    ...(back?.end?.result === 'lost' ? [`the way back was lost${why(back.end)}`] : []),
    ...(ill === undefined ? [] : [`not healthy after it was taken back: ${ill}`]),
  ];
}

function dependencyFailure(
  state: RolloutState,
  stack: string,
  failures: ReadonlyMap<string, string>,
): string | undefined {
  if (progressOf(state, stack).forward) return undefined;
  const failed = state.started.plan.targets[stack]?.dependsOn.find((name) => failures.has(name));
  return failed === undefined ? undefined : `${stack} depends on ${failed}, which failed`;
}

/** The first channel with more failures than its budget; a critical stack has none. */
export function overBudget(
  state: RolloutState,
): { readonly channel: string; readonly reason: string } | undefined {
  const failures = failuresOf(state);
  for (const channel of state.started.plan.channels) {
    const failed = channel.waves.flat().filter((stack) => failures.has(stack));
    const critical = failed.find((stack) => state.started.plan.targets[stack]?.critical);
    const decisive = critical ?? (failed.length > channel.failureBudget ? failed.at(-1) : undefined);
    if (decisive !== undefined) return { channel: channel.name, reason: failures.get(decisive) ?? decisive };
  }
  return undefined;
}
