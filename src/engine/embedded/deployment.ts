import type { EngineEvent } from '@pulumi/pulumi/automation';
import type { ProviderHost, WireObject } from './provider';
import type { Snapshot } from './resource';

export type DeploymentKind = 'preview' | 'update' | 'refresh' | 'destroy';

/** One operation on one stack, with everything it reads and everywhere it writes. */
export interface DeploymentRequest {
  readonly kind: DeploymentKind;
  /** Of refresh and destroy: look only. `kind: 'preview'` is always dry. */
  readonly preview?: boolean;
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  /** Full keys (`conf:token`) to values in plain text. */
  readonly config: ReadonlyMap<string, string>;
  readonly secretKeys: ReadonlySet<string>;
  readonly snapshot: Snapshot;
  /** `host:port` of the LanguageRuntime that runs the program; refresh and destroy do without. */
  readonly languageClient?: string;
  readonly providers: ProviderHost;
  /** The most steps at once; 1 is the order of the program. */
  readonly parallel: number;
  readonly targets?: readonly string[];
  readonly replaces?: readonly string[];
  readonly message: string;
  /** Refresh only: drop pending creates instead of keeping them with a warning. */
  readonly clearPendingCreates?: boolean;
  /** Events in order; `sequence` counts from 0, `timestamp` in seconds. */
  emit(event: EngineEvent): void;
  /** After every change, before every effect (with the effect pending). The snapshot is a fresh array of shared objects. */
  save(snapshot: Snapshot): void | Promise<void>;
  /** Outputs of another stack; undefined where there is no such stack. `name` as the program gave it. */
  resolveStack(name: string): Promise<WireObject | undefined>;
  readonly signal: AbortSignal;
  readonly showSecrets?: boolean;
}

export interface DeploymentResult {
  readonly ok: boolean;
  /** Operations by kind (`create`, `same`, …) as in the summary event. */
  readonly counts: Readonly<Record<string, number>>;
  /** What the CLI prints after `error:`, one line or more. */
  readonly error?: string;
  readonly cancelled?: boolean;
  /** The state after the operation; that of the request in a preview. */
  readonly snapshot: Snapshot;
}
