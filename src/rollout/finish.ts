import type { Outcome, StackEnd } from '../core/event';
import { troublesOf } from '../core/failures';
import { isBack, isTouched, progressOf, type RolloutState } from '../core/rollout';
import { stackEndOf } from '../core/stack-end';
import type { Line } from './journal';
import type { Run } from './run';

/**
 * Ends a rollout: the working tree's pins first, which is harmless to repeat, then the record. Pins go back when everything
 * touched went back, or nothing was touched; they stay when stacks stay on the new release.
 */
export async function finish(run: Run, outcome: Outcome, reason: string): Promise<boolean> {
  const { journal, ports } = run;
  const { started, stacks } = journal.state();
  const remains = [...stacks.values()].some((progress) => isTouched(progress) && !isBack(progress));
  if (outcome !== 'converged' && !remains && started.kind !== 'baseline') {
    await ports.pins.restore(journal.track, started.pinsBefore);
  }
  return journal.decided(endOf(journal.state(), outcome, reason));
}

function endOf(state: RolloutState, outcome: Outcome, reason: string): Line[] {
  const { rollout, release, plan } = state.started;
  const lines: Line[] = [];
  const isOwnFault = outcome === 'rolled back' && state.abort === undefined;
  if (isOwnFault) lines.push({ key: `${rollout}:veto`, event: { type: 'veto-set', release, reason } });
  if (outcome === 'converged') {
    const hasChecks = Object.values(plan.targets).some(({ checks }) => checks.length > 0);
    const evidence = hasChecks ? 'checks' : 'weak';
    lines.push({ key: `${rollout}:proven`, event: { type: 'release-proven', rollout, release, evidence } });
  }
  const stacks = Object.fromEntries([
    ...plan.already.map((stack): [string, StackEnd] => [stack, 'already']),
    ...Object.keys(plan.targets).map((stack): [string, StackEnd] => [
      stack,
      stackEndOf(progressOf(state, stack)),
    ]),
  ]);
  const troubles = Object.keys(plan.targets).flatMap((stack): [string, string][] => {
    const told = troublesOf(state, stack);
    return told.length === 0 ? [] : [[stack, told.join('; ')]];
  });
  const reasons = troubles.length === 0 ? {} : { reasons: Object.fromEntries(troubles) };
  lines.push({
    key: `${rollout}:ended`,
    event: { type: 'rollout-ended', rollout, release, outcome, reason, stacks, ...reasons },
  });
  return lines;
}
