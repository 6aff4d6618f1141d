import type { Step } from '../core/decide';
import { finish } from './finish';
import { previewAgain } from './preview-again';
import type { Run } from './run';

type Deed = Exclude<Step, { do: 'stop' | 'wait' | 'recover' | 'apply' | 'observe' | 'settle' }>;

/**
 * Does one step that is over at once and records it. Where the ledger moved meanwhile nothing is recorded and the next
 * decision is taken on the new facts. Returns why the rollout must wait, if it must.
 */
export async function perform(run: Run, step: Deed, stale: Set<string>): Promise<string | undefined> {
  const { journal } = run;
  const { rollout } = journal;
  switch (step.do) {
    case 'start-wave': {
      const { index, channel, stacks } = step.wave;
      await journal.decided([
        {
          key: `${rollout}:wave:${index}:started`,
          event: { type: 'wave-started', rollout, wave: index, channel: channel.name, stacks },
        },
      ]);
      return undefined;
    }
    case 'end-wave': {
      const { index, channel, stacks } = step.wave;
      const { targets } = journal.state().started.plan;
      const withoutChecks = stacks.filter((stack) => targets[stack]?.checks.length === 0);
      await journal.decided([
        {
          key: `${rollout}:wave:${index}:ended`,
          event: { type: 'wave-ended', rollout, wave: index, channel: channel.name, withoutChecks },
        },
      ]);
      return undefined;
    }
    case 'judge': {
      const { stack, reason } = step;
      await journal.decided([
        { key: `${rollout}:${stack}:unhealthy`, event: { type: 'stack-unhealthy', rollout, stack, reason } },
      ]);
      return undefined;
    }
    case 'take-back': {
      const { scope, stacks, reason } = step;
      await journal.decided([
        {
          key: `${rollout}:take-back:${stacks.join(',')}`,
          event: { type: 'take-back-started', rollout, scope, stacks, reason },
        },
      ]);
      return undefined;
    }
    case 'preview':
      return lookAgain(run, step, stale);
    case 'finish':
      await finish(run, step.outcome, step.reason);
      return undefined;
  }
}

async function lookAgain(
  run: Run,
  step: Deed & { do: 'preview' },
  stale: Set<string>,
): Promise<string | undefined> {
  const { previews, isRecorded } = await previewAgain(run, step);
  if (run.signal.aborted) return undefined;
  const failed = previews.find((preview) => !preview.ok);
  if (failed) return onFailedPreview(run, step.direction, failed.stack, failed.failure.message);
  if (isRecorded) for (const stack of step.stacks) stale.delete(stack);
  return undefined;
}

/** Forward: nothing was done yet, somebody may repair it and resume. Back: without a look at it there is no way back. */
async function onFailedPreview(
  run: Run,
  direction: 'forward' | 'back',
  stack: string,
  message: string,
): Promise<string | undefined> {
  if (direction === 'forward') return `${stack} could not be previewed: ${message}`;
  await finish(run, 'halted', `the way back of ${stack} could not be previewed: ${message}`);
  return undefined;
}
