import type { ApplyStarted } from '../core/event';
import type { Failure, Operation, StackState } from '../engine/port';
import { operationOf } from './operation';
import { type Applied, contextOf, eventFailure, recordEnd } from './outcome';
import { type Blocked, insist, isBlocked, type Run } from './run';
import { withStack } from './with-stack';

/** An apply whose end nobody recorded: looks before anything is done again, and records what became of it. */
export function recoverApply(run: Run, intent: ApplyStarted): Promise<Applied> {
  const { stack, contents, deployment, release } = intent;
  const operation = operationOf(run.ports, { stack, contents, deployment, release: release ?? '' });
  return withStack(run, stack, () => lookUp(run, intent, operation));
}

/**
 * Where the stack's history holds our deployment id, its result is adopted. Operations that were cut off are refreshed away on
 * the sandbox; on a real cloud a person must look. Otherwise nothing happened, and it may be done again.
 */
export async function lookUp(
  run: Run,
  intent: ApplyStarted,
  operation: Operation,
  failure?: Failure,
): Promise<Applied> {
  const seen = await unlocked(run, intent.stack);
  if (isBlocked(seen) || seen.is === 'waiting') return seen;
  let state = seen.state;
  const told = failure ? { failure: eventFailure(failure) } : {};
  // A refresh may be lost too; another one asks the same question.
  const looks = run.ports.engine.cloud === 'sandbox' ? 3 : 0;
  for (let look = 0; look < looks && state && state.pending.length > 0; look += 1) {
    // Another id than the deployment's: a refresh in the stack's history must not pass for the update.
    await run.ports.engine.refresh(
      { ...operation, deployment: `${intent.deployment}.refresh` },
      contextOf(run, intent.stack),
    );
    // Told to stop: nothing is known yet, and whoever resumes looks again.
    if (run.signal.aborted) return { is: 'cancelled' };
    const again = await run.ports.engine.read(intent.stack);
    if (!again.ok)
      return { is: 'waiting', reason: `${intent.stack} cannot be read: ${again.failure.message}` };
    // The refresh is now the newest update: what the history said of ours was read before.
    state = again.value && { ...again.value, ...(state.lastUpdate ? { lastUpdate: state.lastUpdate } : {}) };
  }
  if (state && state.pending.length > 0) {
    await recordEnd(run, intent, { result: 'lost', suspects: state.pending, ...told });
  } else if (state?.lastUpdate?.deployment === intent.deployment) {
    const { outputs, stateVersion, lastUpdate } = state;
    switch (lastUpdate.result) {
      case 'succeeded':
        await recordEnd(run, intent, { result: 'succeeded', isAdopted: true, outputs, stateVersion });
        break;
      case 'failed':
        await recordEnd(run, intent, { result: 'failed', isAdopted: true, failure: foundFailed, ...told });
        break;
      case 'cut':
        // Stopped with its driver, or by its deadline: only the second is the stack's fault.
        await recordEnd(run, intent, { result: failure ? 'failed' : 'lost', ...told });
    }
  } else {
    await recordEnd(run, intent, { result: 'lost', ...told });
  }
  return { is: 'ended' };
}

const foundFailed = {
  kind: 'failed',
  message: "found as failed in the stack's history",
  details: [],
} as const;

type Seen =
  | { readonly is: 'seen'; readonly state: StackState | undefined }
  | { readonly is: 'waiting'; readonly reason: string };

/** The stack's state once no lock is on it: our dead run's is removed, anybody else's waited for. */
function unlocked(run: Run, stack: string): Promise<Seen | Blocked> {
  const { engine } = run.ports;
  return insist<Seen>(run, async () => {
    const state = await engine.read(stack);
    if (!state.ok) return { is: 'waiting', reason: `${stack} cannot be read: ${state.failure.message}` };
    const lock = state.value?.lock;
    if (!lock) return { is: 'seen', state: state.value };
    const since = new Date(lock.since).toISOString();
    const held: Blocked = {
      is: 'blocked',
      resource: `the lock of ${stack}`,
      heldBy: `${lock.owner} since ${since}`,
    };
    if (!lock.own) return held;
    const gone = await engine.unlock(stack);
    if (!gone.ok) return held;
    const after = await engine.read(stack);
    if (!after.ok) return { is: 'waiting', reason: `${stack} cannot be read: ${after.failure.message}` };
    return { is: 'seen', state: after.value };
  });
}
