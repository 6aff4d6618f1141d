import type { Goal } from './goal';
import type { ProviderDiff } from './provider';
import type { ResourceState } from './resource';
import type { Answer, Step } from './step';

export type Answering = (answer: Answer) => void;

/** A registration on its way: what the program wants, what the state has, what will be. */
export interface Draft {
  readonly goal: Goal;
  readonly urn: string;
  readonly old?: ResourceState;
  readonly fresh: ResourceState;
  readonly answer: Answering;
  /** The resource was deleted earlier in this operation because something it depends on is replaced. */
  readonly isRecreating: boolean;
  readonly seed: Uint8Array;
  /** Its names clash with those of others: it goes no further than being checked. */
  readonly isInvalid: boolean;
}

/** External resources are forgotten, not deleted. */
export function deletion(old: ResourceState, isReplacement: boolean): Step['op'] {
  if (old.external) return isReplacement ? 'discard-replaced' : 'discard';
  return isReplacement ? 'delete-replaced' : 'delete';
}

export function detailsOf(diff: ProviderDiff): Pick<Step, 'diffs' | 'detailedDiff'> {
  return { diffs: diff.diffs, ...(diff.detailedDiff ? { detailedDiff: diff.detailedDiff } : {}) };
}

export function draftState(
  goal: Goal,
  urn: string,
  alias: string | undefined,
  old: ResourceState | undefined,
): ResourceState {
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    inputs: goal.inputs,
    parent: goal.parent,
    protect: goal.protect ?? false,
    dependencies: [...goal.dependencies],
    provider: goal.provider,
    propertyDependencies: Object.fromEntries(
      Object.entries(goal.propertyDependencies).map(([key, urns]) => [key, [...urns]]),
    ),
    additionalSecretOutputs: [...goal.additionalSecretOutputs],
    aliases: alias ? [alias] : [],
    customTimeouts: { ...goal.customTimeouts },
    importID: goal.importId,
    retainOnDelete: goal.retainOnDelete ?? false,
    deletedWith: goal.deletedWith,
    replaceWith: [...goal.replaceWith],
    ...(old?.created ? { created: old.created } : {}),
    ...(old?.modified ? { modified: old.modified } : {}),
    ignoreChanges: [...goal.ignoreChanges],
    hideDiff: [...goal.hideDiff],
    replaceOnChanges: [...goal.replaceOnChanges],
    ...(goal.replacementTrigger === undefined ? {} : { replacementTrigger: goal.replacementTrigger }),
  };
}
