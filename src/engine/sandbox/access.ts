import { join } from 'node:path';
import type { Fault, Project } from '../../core/project';

/** How another process of ours reaches the sandbox of a repository; plain data. */
export interface SandboxAccess {
  /** The SQLite file of the sandbox cloud. */
  readonly file: string;
  readonly seed: string;
  readonly faults: readonly Fault[];
}

export const sandboxFile = (root: string): string => join(root, '.signalbox', 'sandbox', 'cloud.db');

export const sandboxAccess = (root: string, { sandbox: { seed, faults } }: Project): SandboxAccess => ({
  file: sandboxFile(root),
  seed,
  faults,
});
