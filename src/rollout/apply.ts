import { type Basis, unlike } from '../core/approval';
import type { ApplyStarted, Direction } from '../core/event';
import { progressOf } from '../core/rollout';
import type { Failure, Operation, Result, Update } from '../engine/port';
import { basisDigest, basisOf } from './operation';
import { type Applied, contextOf, eventFailure, recordEnd } from './outcome';
import { lookUp } from './recover';
import { operationNow, type Run, releaseThere } from './run';
import { withStack } from './with-stack';

/** Updates one stack: lease, fresh look, intent, effect, outcome. */
export async function applyStack(run: Run, stack: string, direction: Direction): Promise<Applied> {
  return withStack(run, stack, async () => {
    const { ports, journal, signal } = run;
    const attempt = (progressOf(journal.state(), stack)[direction]?.intent.attempt ?? 0) + 1;
    const deployment = `${journal.rollout}.${stack}.${direction}.${attempt}`;
    const fleet = await journal.fleet();
    const { operation, contents } = operationNow(run, { stack, direction, deployment, fleet });
    // A later attempt starts from whatever the lost one left behind; its preview cannot fit any more.
    const isFirst = attempt === 1 && direction === 'forward';
    const basis = await basisOf(ports, operation);
    const doubt = isFirst ? await doubtOf(run, stack, basis) : undefined;
    if (doubt) return doubt;
    if (signal.aborted) return { is: 'cancelled' };
    const release = releaseThere(journal.state(), stack, direction);
    const intent: ApplyStarted = {
      type: 'apply-started',
      rollout: journal.rollout,
      deployment,
      stack,
      direction,
      attempt,
      ...(release === undefined ? {} : { release }),
      contents,
      configuration: basis.configuration,
    };
    if (!(await journal.decided([{ key: `${deployment}:started`, event: intent }]))) return { is: 'moved' };
    const result = await ports.engine.up(operation, contextOf(run, stack));
    return concluded(run, intent, operation, result);
  });
}

async function concluded(
  run: Run,
  intent: ApplyStarted,
  operation: Operation,
  result: Result<Update>,
): Promise<Applied> {
  if (result.ok) {
    const { counts, outputs, stateVersion } = result.value;
    const others = otherThanReviewed(run, intent, result.value);
    const unlike = others.length === 0 ? {} : { unlike: others };
    await recordEnd(run, intent, { result: 'succeeded', counts, outputs, stateVersion, ...unlike });
    return { is: 'ended' };
  }
  switch (result.failure.kind) {
    case 'failed':
    case 'unexpected-changes':
      await recordEnd(run, intent, { result: 'failed', failure: eventFailure(result.failure) });
      return { is: 'ended' };
    case 'cancelled':
      return cutShort(run, intent, result.failure);
    case 'timeout':
    case 'locked':
    case 'pending':
    case 'lost':
      return run.signal.aborted
        ? cutShort(run, intent, result.failure)
        : lookUp(run, intent, operation, result.failure);
  }
}

/** The driver was told to stop. The intent stays open on purpose: whoever resumes looks what became of it. */
function cutShort({ ports }: Run, { stack }: ApplyStarted, { message }: Failure): Applied {
  ports.observer?.note?.({ kind: 'cut short', stack, text: `${stack}: update cut short: ${message}` });
  return { is: 'cancelled' };
}

/** What an update did otherwise than reviewed. A later attempt began in the middle, a way back is not reviewed. */
function otherThanReviewed({ ports, journal }: Run, intent: ApplyStarted, { changes }: Update): string[] {
  const expected = progressOf(journal.state(), intent.stack).reviewed?.expected;
  const isComparable = intent.direction === 'forward' && intent.attempt === 1 && expected !== undefined;
  return isComparable ? unlike(expected, changes, ports.hash) : [];
}

/** Why the preview does not hold, if the stack's state or what its program is given is not what it saw. */
async function doubtOf({ ports, journal }: Run, stack: string, basis: Basis): Promise<Applied | undefined> {
  const { preview } = progressOf(journal.state(), stack);
  if (preview?.operation !== basisDigest(basis, ports.hash)) return { is: 'stale' };
  const state = await ports.engine.read(stack);
  if (!state.ok) return { is: 'waiting', reason: `${stack} cannot be read: ${state.failure.message}` };
  const isFresh = state.value === undefined || state.value.stateVersion === preview.stateVersion;
  return isFresh ? undefined : { is: 'stale' };
}
