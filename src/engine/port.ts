import type { Change, ChangeCounts, ChangeKind } from '../core/change';
import type { Value } from '../core/project';
import type { Duration, Instant } from '../core/time';

/** Runs stack operations. One implementation: the Automation API in forked children, over the CLI or the embedded engine. */
export interface Engine {
  readonly kind: 'embedded' | 'pulumi';
  readonly cloud: 'sandbox' | 'real';
  /** What a person reads: `embedded engine, sandbox cloud` or `pulumi 3.258.0, real cloud`. */
  readonly title: string;
  /** `isRefreshed`: every resource is read first, and `drift` says what was found. */
  preview(
    operation: Operation,
    context: Context,
    look?: { readonly isRefreshed: boolean },
  ): Promise<Result<Preview>>;
  up(operation: Operation, context: Context): Promise<Result<Update>>;
  refresh(operation: Operation, context: Context): Promise<Result<Update>>;
  destroy(operation: Operation, context: Context): Promise<Result<Update>>;
  /** What the backend knows of a stack, without running its program; undefined where there is no such stack. */
  read(stack: string): Promise<Result<StackState | undefined>>;
  /** Removes the lock that a dead run of our own left; refuses a lock of anybody else. */
  unlock(stack: string): Promise<Result<void>>;
  close(): Promise<void>;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** The world said no (or we could not know). `lost`: the effect may or may not have happened. */
export interface Failure {
  readonly kind: 'failed' | 'cancelled' | 'timeout' | 'locked' | 'pending' | 'lost' | 'unexpected-changes';
  /** One line for people, redacted. */
  readonly message: string;
  /** Resources concerned, the engine's diagnostics, redacted. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Diagnostic {
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly urn?: string;
}

export interface Context {
  readonly signal: AbortSignal;
  onProgress?(progress: Progress): void;
  /** It has not begun for some time: why, for people. Said again and again. */
  onWaiting?(reason: string): void;
}

/** A resource step began or ended. */
export interface Progress {
  readonly step: ChangeKind | 'read' | 'refresh';
  readonly urn: string;
  readonly done: boolean;
}

/** One operation on one stack with everything its program needs; plain data, it crosses a process boundary. */
export interface Operation {
  readonly project: string;
  readonly stack: string;
  /** In dependency order; `digest` names the stored content that runs. */
  readonly components: readonly ProgramComponent[];
  readonly providers: Readonly<Record<string, Value>>;
  readonly outputs: Readonly<Record<string, Value>>;
  /** Variables the child gets besides the fixed allow-list. */
  readonly variables: Readonly<Record<string, string>>;
  /** Written into the stack's update history, so that a crashed driver finds its own update again. */
  readonly deployment: string;
  /** `<stack>` labels etc. for tags; never part of a URN. */
  readonly release: string;
  readonly timeout: Duration;
}

export interface ProgramComponent {
  /** Key in the stack file; the resource's name. */
  readonly name: string;
  /** Name of the component in its track. */
  readonly component: string;
  readonly digest: string;
  readonly inputs: Readonly<Record<string, Value>>;
}

export type { Change, ChangeCounts, ChangeKind, PropertyChange } from '../core/change';

export interface Preview {
  /** Every resource that is not `same`; counts cover all. */
  readonly changes: readonly Change[];
  readonly counts: ChangeCounts;
  /** What is otherwise than the state says, as a change from the state to what was found; undefined where nobody looked. */
  readonly drift?: readonly Change[];
  /** Identifies the state the preview started from. */
  readonly stateVersion: string;
  readonly diagnostics: readonly Diagnostic[];
  /** What an earlier run left open, as `creating urn:…`: an update settles it on the sandbox, and is refused on a real cloud. */
  readonly pending?: readonly string[];
  /** Answered without an engine by the goal digest; or by the engine, which agreed (`checked`) or not (`missed`). */
  readonly byGoal?: 'answered' | 'checked' | 'missed';
}

export interface Update {
  readonly changes: readonly Change[];
  readonly counts: ChangeCounts;
  /** Stack outputs and `component.output`s; secret ones are the string `[secret]`. */
  readonly outputs: Readonly<Record<string, Value>>;
  readonly stateVersion: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Tokens of the provider functions that the program called. */
  readonly invoked?: readonly string[];
}

export interface StackState {
  readonly outputs: Readonly<Record<string, Value>>;
  readonly stateVersion: string;
  readonly resources: number;
  /** The newest update in the stack's history. */
  readonly lastUpdate?: {
    readonly deployment: string;
    /** `cut`: it did not end by itself but was stopped, or nobody heard why it failed. */
    readonly result: 'succeeded' | 'failed' | 'cut';
    readonly endedAt: Instant;
  };
  /** Operations a killed run left open, as `creating urn:…`. */
  readonly pending: readonly string[];
  readonly lock?: { readonly owner: string; readonly since: Instant; readonly own: boolean };
}
