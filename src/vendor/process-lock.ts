import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/**
 * Keeps other processes, and others in this one, off until the returned function is called; undefined where somebody has it.
 * A lock of SQLite is the operating system's: it goes with its process, however that ends, so that nobody ever has to judge
 * whether a holder is dead, and of any number who ask exactly one gets it. The file stays; never open it by other means. On a
 * Node before 22.5, which has no SQLite, nobody is kept off: only a plain `pulumi` runs there.
 */
export function lockProcess(file: string): (() => void) | undefined {
  const sqlite = process.getBuiltinModule?.('node:sqlite');
  if (!sqlite) return () => {};
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = new sqlite.DatabaseSync(file, { timeout: 0 });
  try {
    if (isTaken(lock)) return () => lock.close();
  } catch (error) {
    lock.close();
    throw error;
  }
  lock.close();
  return undefined;
}

function isTaken(lock: DatabaseSync): boolean {
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return false;
    throw error;
  }
}
const BUSY = 5;
