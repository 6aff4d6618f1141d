import { wavesOf } from '../core/plan';
import {
  isApplied,
  isBack,
  isTouched,
  progressOf,
  type RolloutState,
  type StackProgress,
} from '../core/rollout';
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
  const parts = PARTS.flatMap((part) => {
    const names = stacks.filter((stack) => partOf(progressOf(state, stack)) === part);
    return names.length === 0 ? [] : [`${part}: ${list(names)}`];
  });
  return harmless([`${kind} of ${release} ${at}`, ...parts].join('; '));
}

const PARTS = ['taken back', 'updated', 'unhealthy', 'failed', 'cut short', 'not started'] as const;

function partOf(progress: StackProgress): (typeof PARTS)[number] {
  if (!isTouched(progress)) return 'not started';
  if (isBack(progress)) return 'taken back';
  const { end } = progress.back ?? progress.forward ?? {};
  if (end === undefined || end.result === 'lost') return 'cut short';
  if (!isApplied(progress)) return 'failed';
  return progress.unhealthy === undefined ? 'updated' : 'unhealthy';
}
