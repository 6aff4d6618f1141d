import { mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes from which the log is put aside, in place of the one before it. */
const FULL = 16 * 1024 ** 2;

/** Opens what programs print, and what a child says when it dies, for writing at its end. */
export function openLog(root: string): number {
  const folder = join(root, '.signalbox', 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'children.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= FULL) putAside(file);
  return openSync(file, 'a', 0o600);
}

function putAside(file: string): void {
  try {
    renameSync(file, `${file}.1`);
  } catch (error) {
    // Another command was faster.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
