import type { Step } from '../core/decide';
import { finish } from './finish';
import type { Line } from './journal';
import { type PreviewWish, previewedEvent, previewStacks } from './preview';
import { operationNow, type Run } from './run';

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
      return previewAgain(run, step, stale);
    case 'finish':
      await finish(run, step.outcome, step.reason);
      return undefined;
  }
}

async function previewAgain(
  run: Run,
  step: Deed & { do: 'preview' },
  stale: Set<string>,
): Promise<string | undefined> {
  const { ports, journal, signal } = run;
  const { direction } = step;
  const fleet = await journal.fleet();
  const { plan } = journal.state().started;
  const wishes = step.stacks.map((stack): PreviewWish => {
    const { operation, contents } = operationNow(run, { stack, direction, deployment: 'preview', fleet });
    const target = plan.targets[stack];
    const running = fleet.stacks.get(stack)?.contents ?? {};
    return {
      operation,
      contents,
      direction,
      channel: target?.channel ?? '',
      moves: target?.moves ?? [],
      running,
    };
  });
  ports.observer?.note?.({ kind: 'previewing', text: `previewing ${step.stacks.join(', ')}` });
  const previews = await previewStacks(ports, wishes, signal);
  if (signal.aborted) return undefined;
  const failed = previews.find((preview) => !preview.ok);
  if (failed) return onFailedPreview(run, direction, failed.stack, failed.failure.message);
  const lines = previews.flatMap((preview): Line[] => {
    if (!preview.ok) return [];
    // Numbered by the head it was made on: a preview lost in a crash is simply made again.
    const key = `${journal.rollout}:preview:${preview.stack}:${direction}:${journal.position()}`;
    return [{ key, event: previewedEvent(journal.rollout, preview) }];
  });
  if (await journal.decided(lines)) for (const stack of step.stacks) stale.delete(stack);
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
