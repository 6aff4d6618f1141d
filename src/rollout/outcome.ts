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
export const engineContext = (
  { observer }: Pick<Ports, 'observer'>,
  stack: string,
  signal: AbortSignal,
): Context => ({
  signal,
  onProgress: (progress) => observer?.progress?.(stack, progress),
  onWaiting: (text) => observer?.note?.({ kind: 'waiting', stack, text }),
});

export function contextOf({ ports, signal }: Run, stack: string): Context {
  return engineContext(ports, stack, signal);
}

export function eventFailure({ kind, message, diagnostics }: Failure): EventFailure {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return { kind, message, details: errors.map(({ urn, message: text }) => (urn ? `${urn}: ${text}` : text)) };
}
