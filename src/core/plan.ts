import type { Check } from './check';
import type { Channel, Pin } from './project';
import type { ReleaseId } from './release';

/** A track's pins: component name → content. */
export type Pins = Readonly<Record<string, Pin>>;

/** What one component of a stack runs, or shall run. */
export interface Content extends Pin {
  /** Name of the component in its track. */
  readonly component: string;
  /** The track this content came by. */
  readonly track: string;
  /** The release that brought it; undefined for a strict pin and for content that no release of the ledger names. */
  readonly release?: ReleaseId;
}

/** Key of the component in the stack file → content; always all of a stack's components. */
export type Contents = Readonly<Record<string, Content>>;

/**
 * Why the rollout exists. `baseline`: the first of a track; `promote`: pins taken from upstream (or trunk); `up`: what the
 * track's folder pins now; `rollback`: an older release. A rollback that fails is halted and never taken back.
 */
export type RolloutKind = 'baseline' | 'promote' | 'up' | 'rollback';

/** The computed form of a promotion: who gets it, in which order, on what terms. Plain JSON; a snapshot of the policy. */
export interface Plan {
  readonly kind: RolloutKind;
  readonly track: string;
  readonly release: ReleaseId;
  /** Ordered; channels in which nothing is to be done are left out. */
  readonly channels: readonly PlanChannel[];
  /** Every stack that will be touched, by name. */
  readonly targets: Readonly<Record<string, Target>>;
  /** Subscribers that run this content already; they are not touched. */
  readonly already: readonly string[];
}

export interface PlanChannel extends Pick<Channel, 'name' | 'soak' | 'onFailure' | 'failureBudget'> {
  /** Names of stacks; each stack stands in exactly one wave. */
  readonly waves: readonly (readonly string[])[];
}

export interface Target {
  readonly stack: string;
  readonly channel: string;
  readonly critical: boolean;
  /** Stacks of this plan that must be updated before this one. */
  readonly dependsOn: readonly string[];
  /** Keys of the components that follow the track; the others only come along. */
  readonly moves: readonly string[];
  /** What shall run. Content of components that do not move is read again from the ledger when the apply begins. */
  readonly contents: Contents;
  /** What runs now and a take-back returns to; undefined: nothing (known) runs, there is no way back. */
  readonly before?: Contents;
  readonly checks: readonly Check[];
}
