import type { ApplyEnded, ApplyStarted, EventFailure } from '../core/event';
import type { Context, Failure } from '../engine/port';
import type { Ports } from './ports';
import type { Blocked, Run } from './run';

/** `stale`: the preview no longer fits, nothing was done; `moved`: somebody wrote to the ledger first, decide again. */
export type Applied =
  | { readonly is: 'ended' | 'moved' | 'stale' }
  | { readonly is: 'cancelled' }
  | { readonly is: 'waiting'; readonly reason: string }
  | Blocked;

type End = Pick<
  ApplyEnded,
  'result' | 'counts' | 'outputs' | 'stateVersion' | 'unlike' | 'failure' | 'isAdopted' | 'suspects'
>;

export function recordEnd({ journal }: Run, intent: ApplyStarted, end: End): Promise<void> {
  const { rollout, deployment, stack, direction } = intent;
  const event: ApplyEnded = { type: 'apply-ended', rollout, deployment, stack, direction, ...end };
  return journal.happened([{ key: `${deployment}:ended`, event }]);
}

/** An operation on a stack tells whoever watches how it goes, and why it does not. */
export function contextOf(
  { ports, signal }: { readonly ports: Pick<Ports, 'observer'>; readonly signal: AbortSignal },
  stack: string,
): Context {
  return {
    signal,
    onProgress: (progress) => ports.observer?.progress?.(stack, progress),
    onWaiting: (text) => ports.observer?.note?.({ kind: 'waiting', stack, text }),
  };
}

export function eventFailure({ kind, message, diagnostics }: Failure): EventFailure {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return { kind, message, details: errors.map(({ urn, message: text }) => (urn ? `${urn}: ${text}` : text)) };
}
