import type { CloudKind } from '../../core/project';
import type { DerivedKeys } from '../embedded/state/secret';
import type { Failure, Operation, Preview, Progress, Result, Update } from '../port';
import type { SandboxAccess } from '../sandbox/access';

/** What the driver tells a forked child at its start; plain data. */
export interface ChildSettings {
  /** The user's repository. */
  readonly root: string;
  readonly kind: 'embedded' | 'pulumi';
  readonly cloud: CloudKind;
  /** Path of the CLI, where `kind` is `pulumi`. */
  readonly command?: string;
  /** Version of the CLI. */
  readonly version?: string;
  /** Resources of one stack worked on at once; the engine's own default where it is not given. */
  readonly parallel?: number;
  /** State backend URL. */
  readonly backend: string;
  readonly sandbox?: SandboxAccess;
}

export type OperationKind = 'preview' | 'up' | 'refresh' | 'destroy';

export interface Job {
  readonly id: number;
  readonly kind: OperationKind;
  readonly operation: Operation;
  /** Of a preview: every resource is read first. */
  readonly isRefreshed?: boolean;
  /** Stacks the program refers to that do not exist yet. */
  readonly absent: readonly string[];
}

export type ToChild =
  | { readonly type: 'settings'; readonly settings: ChildSettings }
  /** `keys`: what other children derived, so that this one need not. */
  | ({ readonly type: 'job'; readonly keys: DerivedKeys } & Job)
  | { readonly type: 'cancel'; readonly id: number };

/** Ends a child whose program eats the machine's memory; nothing else sends it. */
export const TOO_MUCH_MEMORY = 'SIGVTALRM';

export type FromChild =
  | { readonly type: 'ready' }
  /** The job is taken up: what becomes of the child from here on is this job's fault. */
  | { readonly type: 'begun'; readonly id: number }
  | { readonly type: 'progress'; readonly id: number; readonly progress: readonly Progress[] }
  | {
      readonly type: 'done';
      readonly id: number;
      readonly result: Result<Preview | Update>;
      /** The program left something running: the child is not to be used again. */
      readonly isSpent: boolean;
    }
  /** Keys of salts, told as soon as they are derived: others need them before this operation is done. */
  | { readonly type: 'keys'; readonly keys: DerivedKeys };

export const failed = (failure: Failure): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure,
});
