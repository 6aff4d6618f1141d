import type { DetailedDiff } from './difference';
import type { ProviderDiff } from './provider';
import type { ResourceState } from './resource';

export type StepOp =
  | 'same'
  | 'create'
  | 'update'
  | 'delete'
  | 'replace'
  | 'create-replacement'
  | 'delete-replaced'
  | 'read'
  | 'read-replacement'
  | 'refresh'
  | 'discard'
  | 'discard-replaced'
  | 'remove-pending-replace'
  | 'import'
  | 'import-replacement';

/** What a registration of the program gets back: `failed` and `skipped` let the rest of the program go on. */
export interface Answer {
  readonly state: ResourceState;
  readonly result: 'success' | 'failed' | 'skipped';
  /** The resource was not created because it is not targeted: its outputs are unknown. */
  readonly unknown?: boolean;
}

/**
 * One operation on one resource. `old` is what the state holds (of an import: what was found), `new` what it will hold;
 * the other fields say why and how.
 */
export interface Step {
  readonly op: StepOp;
  old?: ResourceState;
  new?: ResourceState;
  /** Properties that force a replacement. */
  readonly keys?: readonly string[];
  readonly diff?: ProviderDiff;
  readonly diffs?: readonly string[];
  detailedDiff?: DetailedDiff;
  /** Create-first replacement: the old resource waits for its deletion at the end. */
  readonly pendingDelete?: boolean;
  /** Delete-first replacement: the resource stays in the state as "to be created again". */
  readonly pendingReplacement?: boolean;
  readonly untargeted?: boolean;
  readonly skippedCreate?: boolean;
  readonly ignoreChanges?: readonly string[];
  /** Of an import that replaces: the resource it takes the place of. */
  readonly original?: ResourceState;
  /** Set when a refresh has read its resource. */
  refreshed?: { op: 'same' | 'update' | 'delete'; diffs: readonly string[] };
  /** Tells the program. */
  answer?(answer: Answer): void;
}

/** The state that a step is about. */
export function subject(step: Step): ResourceState {
  const state = step.op === 'refresh' ? step.old : (step.new ?? step.old);
  if (!state) throw new Error(`a ${step.op} step without a resource`);
  return state;
}

/** Counts in the summary; the physical halves of a replacement do not. */
export function isLogical(step: Step): boolean {
  switch (step.op) {
    case 'same':
    case 'create':
    case 'update':
    case 'delete':
    case 'replace':
    case 'read':
    case 'discard':
    case 'import':
      return true;
    case 'create-replacement':
    case 'delete-replaced':
    case 'read-replacement':
    case 'refresh':
    case 'discard-replaced':
    case 'remove-pending-replace':
    case 'import-replacement':
      return false;
  }
}

export function isDelete(step: Step): boolean {
  switch (step.op) {
    case 'delete':
    case 'delete-replaced':
    case 'discard':
    case 'discard-replaced':
      return true;
    default:
      return false;
  }
}
