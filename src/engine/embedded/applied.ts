import { ProviderError, type WireObject } from './provider';
import type { ResourceState } from './resource';
import type { Step } from './step';

/** Of the wire protocol: 0 nothing happened, 1 the resource exists but is not right, 2 nobody knows. */
export type EffectStatus = 0 | 1 | 2;

export interface Applied {
  readonly status: EffectStatus;
  readonly error?: Error;
}

export const FINE: Applied = { status: 0 };

/** A call that may half succeed: the resource exists, its initialisation failed. The state notes the reasons. */
export async function partially<T extends { properties: WireObject }>(
  state: ResourceState,
  call: () => Promise<T>,
  fromPartial: (partial: NonNullable<ProviderError['partial']>) => NoInfer<T> | Omit<T, never>,
): Promise<{ value: T; error?: Error; reasons?: readonly string[] }> {
  try {
    return { value: await call() };
  } catch (error) {
    if (!(error instanceof ProviderError) || !error.partial) throw error;
    state.initErrors = [...error.partial.reasons];
    return { value: fromPartial(error.partial) as T, error, reasons: error.partial.reasons };
  }
}

export function needed(state: ResourceState | undefined): ResourceState {
  if (!state) throw new Error('a step without its resource');
  return state;
}

export function both(step: Step): { old: ResourceState; fresh: ResourceState } {
  return { old: needed(step.old), fresh: needed(step.new) };
}
