import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** How often somebody else's mount is asked for again, in milliseconds. */
const EVERY = 50;

/** Another process runs a program from this mount, and did until the wait was ended. */
export class MountInUse extends Error {}

/**
 * Waits until no other process runs from the mount, and keeps them off until the returned function is called. A lock of
 * SQLite is the operating system's: it goes with its process, however that ends. A plain `pulumi` on a Node before 22.5,
 * which has no SQLite, goes without. Errors: `MountInUse` where the signal came first.
 */
export async function lockMount(file: string, signal?: AbortSignal): Promise<() => void> {
  const sqlite = process.getBuiltinModule?.('node:sqlite');
  if (!sqlite) return () => {};
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (;;) {
    const lock = new sqlite.DatabaseSync(file, { timeout: 0 });
    if (isTaken(lock)) return () => lock.close();
    lock.close();
    if (signal?.aborted) throw new MountInUse();
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
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
