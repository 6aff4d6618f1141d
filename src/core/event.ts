import type { Approval } from './approval';
import type { ChangeCounts } from './change';
import type { Verdict } from './check';
import type { Contents, Pins, Plan, RolloutKind } from './plan';
import type { Value } from './project';
import type { Release, ReleaseId } from './release';
import type { Duration, Instant } from './time';

/**
 * The ledger's events: facts a person would write in a log book, in the past tense, plain JSON. Every event stands in the
 * ledger of one track. `rollout` is the rollout's id (`beta-5-1f0a9c`), `stack` a stack's name, `wave` an index from 0 over all
 * waves of the plan (`wavesOf`). New kinds may be added; a kind's fields are never renamed.
 */
export type LedgerEvent =
  | ReleaseRecorded
  | RolloutStarted
  | StackPreviewed
  | PreviewsAccepted
  | WaveStarted
  | ApplyStarted
  | ApplyEnded
  | Sampled
  | StackUnhealthy
  | WaveEnded
  | TakeBackStarted
  | RolloutEnded
  | ReleaseProven
  | VetoSet
  | VetoCleared
  | AbortRequested;

export type EventType = LedgerEvent['type'];

/** A ledger entry as policy sees it; the ledger's `Entry` is one. */
export interface Recorded<E extends LedgerEvent = LedgerEvent> {
  readonly track: string;
  /** From 1, per track. */
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly event: E;
}

/** A set of pins got its number. Once per content and track: the same content is the same release again. */
export interface ReleaseRecorded {
  readonly type: 'release-recorded';
  readonly release: Release;
  /** The upstream's release it was copied from. */
  readonly from?: ReleaseId;
}

/** The plan was fixed and work began. At most one rollout of a track is open. */
export interface RolloutStarted {
  readonly type: 'rollout-started';
  readonly rollout: string;
  readonly kind: RolloutKind;
  readonly release: ReleaseId;
  readonly plan: Plan;
  /** The track's pins as they stood before; a take-back puts them into the working tree again. Empty for a baseline. */
  readonly pinsBefore: Pins;
  readonly pinsAfter: Pins;
}

/** What an update of this stack would do was computed; the last one per stack and direction counts. */
export interface StackPreviewed extends Approval {
  readonly type: 'stack-previewed';
  readonly rollout: string;
  readonly stack: string;
  readonly direction: Direction;
  readonly counts: ChangeCounts;
  /** Short digest of the changes without anything that names the stack: equal in stacks that change alike. */
  readonly class: string;
  /** Answered without an engine by the goal digest; or by the engine, which agreed (`checked`) or not (`missed`). */
  readonly byGoal?: 'answered' | 'checked' | 'missed';
  /** Forward: what the way back would destroy, derived from these changes. Back: what it does destroy. */
  readonly irreversible: readonly Irreversible[];
  /** Components that do not follow the track and would change all the same; the rollout stops before such a stack. */
  readonly foreign: readonly string[];
}

/** Somebody looked at previews that had changed since the rollout started, and agreed to these. */
export interface PreviewsAccepted {
  readonly type: 'previews-accepted';
  readonly rollout: string;
  /** Stack → digest of the accepted preview. */
  readonly digests: Readonly<Record<string, string>>;
  /** What the approval binds to: `approvalDigest` of these stacks. */
  readonly approval?: string;
}

export interface WaveStarted {
  readonly type: 'wave-started';
  readonly rollout: string;
  readonly wave: number;
  readonly channel: string;
  readonly stacks: readonly string[];
}

/** The intent, written before the effect. Exactly one per deployment id. */
export interface ApplyStarted {
  readonly type: 'apply-started';
  readonly rollout: string;
  /** Written into the stack's own update history too: `<rollout>.<stack>.<direction>.<attempt>`. */
  readonly deployment: string;
  readonly stack: string;
  readonly direction: Direction;
  /** From 1; grows only when the attempt before was lost. */
  readonly attempt: number;
  /** What the stack runs when this succeeds; for `back` the release it came from, undefined where none is known. */
  readonly release?: ReleaseId;
  readonly contents: Contents;
  /** Digest of inputs, providers, outputs and the stack's own file; older versions did not record it. */
  readonly configuration?: string;
}

/** The outcome, at most one per deployment id. */
export interface ApplyEnded {
  readonly type: 'apply-ended';
  readonly rollout: string;
  readonly deployment: string;
  readonly stack: string;
  readonly direction: Direction;
  /** `lost`: it was looked up afterwards and had not ended; `suspects` names what may exist all the same. */
  readonly result: 'succeeded' | 'failed' | 'lost';
  /** Absent where the outcome was found afterwards in the stack's history. */
  readonly counts?: ChangeCounts;
  /** Stack outputs and `component.output`s; secret ones are the string `[secret]`. */
  readonly outputs?: Readonly<Record<string, Value>>;
  readonly stateVersion?: string;
  /** What was done otherwise than reviewed, as `update aws:s3/bucket:Bucket assets`: the rollout halts. */
  readonly unlike?: readonly string[];
  readonly failure?: EventFailure;
  /** Found in the stack's history after a crash, not seen happening. */
  readonly isAdopted?: boolean;
  /** Operations of unknown end (`creating urn:…`): a person must look, the rollout ends stuck. */
  readonly suspects?: readonly string[];
}

/**
 * A stretch of consecutive samples of one check with the same verdict. Written when the verdict changes, at a bounded
 * cadence, and before anything is decided because of it.
 */
export interface Sampled {
  readonly type: 'sampled';
  readonly rollout: string;
  readonly stack: string;
  readonly check: string;
  /** The release and the deployment the samples speak of; those of another count for nothing. */
  readonly release?: ReleaseId;
  readonly deployment: string;
  /** The interval in force: the check's, or the clock's resolution where that is longer. */
  readonly every: Duration;
  readonly verdict: Verdict;
  /** What the last one saw. */
  readonly reason: string;
  /** When the first and the last sample were taken. */
  readonly from: Instant;
  readonly until: Instant;
  readonly samples: number;
}

/** A stack's checks did not pass within their allowance. Final for this rollout, whatever later samples say. */
export interface StackUnhealthy {
  readonly type: 'stack-unhealthy';
  readonly rollout: string;
  readonly stack: string;
  readonly reason: string;
}

/** All stacks of the wave were updated and soaked, or failed within the budget. */
export interface WaveEnded {
  readonly type: 'wave-ended';
  readonly rollout: string;
  readonly wave: number;
  readonly channel: string;
  /** Stacks without any check: their soak was only time, which proves little. */
  readonly withoutChecks: readonly string[];
}

/** From here on nothing new is started but the way back of these stacks, in this order. */
export interface TakeBackStarted {
  readonly type: 'take-back-started';
  readonly rollout: string;
  /** `stack`: one stack failed within the budget and the rollout goes on; `rollout`: everything it touched. */
  readonly scope: 'stack' | 'rollout';
  readonly stacks: readonly string[];
  readonly reason: string;
}

export interface RolloutEnded {
  readonly type: 'rollout-ended';
  readonly rollout: string;
  readonly release: ReleaseId;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly stacks: Readonly<Record<string, StackEnd>>;
  /** Stack → what was wrong with it: unhealthy, failed, or unhealthy after it was taken back. */
  readonly reasons?: Readonly<Record<string, string>>;
}

/** The release soaked, healthy, on all of the track's subscribers. */
export interface ReleaseProven {
  readonly type: 'release-proven';
  readonly rollout: string;
  readonly release: ReleaseId;
  /** `weak` where no subscriber had a check, or there was no subscriber to touch. */
  readonly evidence: 'checks' | 'weak';
}

/** The release stays where it is and enters no further stack. */
export interface VetoSet {
  readonly type: 'veto-set';
  readonly release: ReleaseId;
  readonly reason: string;
}

export interface VetoCleared {
  readonly type: 'veto-cleared';
  readonly release: ReleaseId;
  readonly reason: string;
}

/** A wish from outside; the driver that holds the track's lease fulfils it. Legal and idempotent in every open state. */
export interface AbortRequested {
  readonly type: 'abort-requested';
  readonly rollout: string;
  /** `stop`: touched stacks stay on the new release; `take-back`: they go back first. */
  readonly mode: 'stop' | 'take-back';
  readonly reason: string;
}

export type Direction = 'forward' | 'back';

/** How a rollout ended; `stuck`: the way back failed too, or nobody can know: a person must look. */
export type Outcome = 'converged' | 'rolled back' | 'halted' | 'aborted' | 'superseded' | 'stuck';

/**
 * What became of one stack of a rollout. `unhealthy`: it runs the new release all the same; `failed`: on neither release for
 * certain; `unknown`: nobody could find out.
 */
export type StackEnd =
  | 'updated'
  | 'unhealthy'
  | 'taken back'
  | 'not started'
  | 'already'
  | 'failed'
  | 'unknown';

export interface EventFailure {
  readonly kind: 'failed' | 'cancelled' | 'timeout' | 'locked' | 'pending' | 'lost' | 'unexpected-changes';
  /** One line, redacted. */
  readonly message: string;
  /** Errors of the engine, `urn: message`, redacted. */
  readonly details: readonly string[];
}

/** A resource that cannot be had back as it was. */
export interface Irreversible {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly why:
    | 'would be deleted'
    | 'would be replaced'
    | 'was deleted, cannot be restored'
    | 'was replaced, cannot be restored';
}
