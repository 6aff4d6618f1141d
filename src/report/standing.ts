import { wavesOf } from '../core/plan';
import { progressOf, type RolloutState } from '../core/rollout';
import { stackEndOf } from '../core/stack-end';
import { harmless } from './harmless';
import { list } from './words';

/** Where an open rollout stands, for somebody who takes it up: its wave, then the stacks by how far they came. */
export function standing(state: RolloutState): string {
  const { kind, release, plan } = state.started;
  const waves = wavesOf(plan);
  const stacks = waves.flatMap((wave) => wave.stacks);
  const at =
    state.takeBacks.length > 0
      ? 'is being taken back'
      : `stands at wave ${Math.min(state.wavesEnded + 1, waves.length)} of ${waves.length}`;
  const parts = ENDS.flatMap(([end, told]) => {
    const names = stacks.filter((stack) => stackEndOf(progressOf(state, stack)) === end);
    return names.length === 0 ? [] : [`${told}: ${list(names)}`];
  });
  return harmless([`${kind} of ${release} ${at}`, ...parts].join('; '));
}

/** In this order, told like this: of an open rollout, an update whose end nobody knows is only cut short. */
const ENDS = [
  ['taken back', 'taken back'],
  ['updated', 'updated'],
  ['unhealthy', 'unhealthy'],
  ['failed', 'failed'],
  ['unknown', 'cut short'],
  ['not started', 'not started'],
] as const;
