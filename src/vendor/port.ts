import type { Problem } from '../config/problem';
import type { Pin } from '../core/project';

/** Where component content comes from and lies. */
export interface Store {
  /** Folder of the stored, verified content of a digest, undefined where it is not stored. */
  folder(digest: string): string | undefined;
  has(digest: string): boolean;
}

/** A component's content as fetched or found: files by POSIX path relative to the component's folder. */
export interface Snapshot {
  readonly component: string;
  readonly pin: Pin;
  readonly files: ReadonlyMap<string, SnapshotFile>;
}

export interface SnapshotFile {
  readonly content: Uint8Array;
  readonly executable: boolean;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };
