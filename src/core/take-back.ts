import type { Step } from './decide';
import { attemptLimit } from './failures';
import { wavesOf } from './plan';
import { isBack, isTouched, progressOf, type RolloutState } from './rollout';

export interface Retreat {
  readonly scope: 'stack' | 'rollout';
  readonly reason: string;
  /** The channel whose policy decides; absent for an abort. */
  readonly channel?: string;
  /** The one stack of scope `stack`. */
  readonly stack?: string;
}

/** The first steps of a retreat: halt where policy or data forbid the way back, preview it for real, then begin. */
export function takeBackOf(state: RolloutState, retreat: Retreat): Step {
  const halt = (why: string): Step => ({
    do: 'finish',
    outcome: 'halted',
    reason: `${retreat.reason}; ${why}`,
  });
  const stacks = retreat.stack ? [retreat.stack] : touchedInReverse(state);
  if (stacks.length === 0) return halt('nothing was touched');
  // A failed rollback starts no other one by itself (invariant 12).
  if (state.started.kind === 'rollback') return halt('a rollback is never taken back by itself');
  const policy = state.started.plan.channels.find(({ name }) => name === retreat.channel)?.onFailure;
  if (policy === 'halt') return halt(`${retreat.channel} halts on failure`);
  const homeless = stacks.filter((stack) => !state.started.plan.targets[stack]?.before);
  if (homeless.length > 0)
    return halt(`no way back for ${homeless.join(', ')}: nothing is known to have run there before`);
  const reconfigured = stacks.filter((stack) => state.started.plan.targets[stack]?.isReconfigured);
  if (reconfigured.length > 0)
    return halt(
      `only the configuration of ${reconfigured.join(', ')} moved: take that back in the files, then bring it up`,
    );
  const unseen = stacks.filter((stack) => !progressOf(state, stack).wayBack);
  if (unseen.length > 0) return { do: 'preview', direction: 'back', stacks: unseen };
  const losing = stacks.flatMap((stack) => losses(state, stack).map((loss) => `${stack} (${loss})`));
  if (losing.length > 0) return halt(`the way back would lose data: ${losing.join(', ')}`);
  return { do: 'take-back', scope: retreat.scope, stacks, reason: retreat.reason };
}

/** What the real preview of the way back destroys, and what the update destroyed for good. */
function losses(state: RolloutState, stack: string): string[] {
  const { preview, wayBack } = progressOf(state, stack);
  const gone = preview?.irreversible.filter(({ why }) => why !== 'would be deleted') ?? [];
  return [...(wayBack?.irreversible ?? []), ...gone].map(({ type, name, why }) => `${type} ${name} ${why}`);
}

/** What this rollout touched and did not bring back yet, the last first. */
export function touchedInReverse(state: RolloutState): string[] {
  return wavesOf(state.started.plan)
    .flatMap((wave) => wave.stacks)
    .filter((stack) => isTouched(progressOf(state, stack)) && !isBack(progressOf(state, stack)))
    .reverse();
}

/** Stacks to go back now: of the last wave that is not back yet, those whose dependents are back. */
export function startableBack(state: RolloutState, busy: ReadonlySet<string>): string[] {
  const { plan } = state.started;
  const listed = state.takeBacks.flatMap(({ stacks }) => stacks);
  const left = listed.filter((stack) => !hasReturned(state, stack));
  const wave = wavesOf(plan).findLast(({ stacks }) => stacks.some((stack) => left.includes(stack)));
  const isFree = (stack: string): boolean =>
    !left.some((other) => plan.targets[other]?.dependsOn.includes(stack));
  return left.filter((stack) => wave?.stacks.includes(stack) && !busy.has(stack) && isFree(stack));
}

/** Its way back ended, well or badly; a failed one is not repeated. */
function hasReturned(state: RolloutState, stack: string): boolean {
  const back = progressOf(state, stack).back;
  const end = back?.end;
  return end !== undefined && (end.result !== 'lost' || (back !== undefined && back.losses >= attemptLimit));
}
