import type { StackEnd } from './event';
import { isApplied, isBack, isTouched, type StackProgress } from './rollout';

/** What became of a stack of the plan so far. `unknown`: an update began, and nobody knows its end. */
export function stackEndOf(progress: StackProgress): Exclude<StackEnd, 'already'> {
  if (!isTouched(progress)) return 'not started';
  if (isBack(progress)) return 'taken back';
  if (progress.back) return progress.back.end?.result === 'failed' ? 'failed' : 'unknown';
  if (isApplied(progress)) return progress.unhealthy === undefined ? 'updated' : 'unhealthy';
  return progress.forward?.end?.result === 'failed' ? 'failed' : 'unknown';
}
