import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { namesIn, readIfThere, type StackPaths } from './backend';
import { createFile, removeFile } from './file';
import { Refusal } from './refusal';

/** Who holds a stack, as the real CLI writes it. */
export interface Lock {
  readonly path: string;
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  /** RFC 3339. */
  readonly timestamp: string;
}

/** A lock of ours; `release` may be called once the operation is over, however it ended. */
export interface HeldLock {
  readonly path: string;
  release(): Promise<void>;
}

/** Every lock on a stack, the oldest name first. */
export async function readLocks(paths: StackPaths): Promise<Lock[]> {
  const locks: Lock[] = [];
  for (const name of (await namesIn(paths.locks)).sort()) {
    if (!name.endsWith('.json')) continue;
    const path = join(paths.locks, name);
    const content = await readIfThere(path);
    if (content !== undefined) locks.push(parseLock(path, content));
  }
  return locks;
}

/**
 * Takes the stack's lock, or refuses with the text by which the Automation API knows a concurrent update. Looks before and
 * after it writes, like the real CLI: of two that start together at most one goes on.
 */
export async function takeLock(paths: StackPaths): Promise<HeldLock> {
  refuseHeld(paths, await readLocks(paths));
  const path = join(paths.locks, `${randomUUID()}.json`);
  const content = JSON.stringify({
    pid: process.pid,
    username: userInfo().username,
    hostname: hostname(),
    timestamp: new Date().toISOString(),
  });
  if (!(await createFile(path, content))) throw new Refusal(`the lock ${path} exists already`);
  try {
    refuseHeld(
      paths,
      (await readLocks(paths)).filter((lock) => lock.path !== path),
    );
  } catch (error) {
    await removeFile(path);
    throw error;
  }
  return { path, release: () => removeFile(path) };
}

/** Removes every lock of a stack, whoever holds it: `pulumi cancel`. */
export async function removeLocks(paths: StackPaths): Promise<number> {
  const locks = await readLocks(paths);
  for (const lock of locks) await removeFile(lock.path);
  return locks.length;
}

function refuseHeld(paths: StackPaths, locks: readonly Lock[]): void {
  if (locks.length === 0) return;
  const holders = locks.map(
    (lock) =>
      `\n  ${paths.backend.url}${lock.path.slice(paths.backend.root.length)}: created by ${lock.username}@${lock.hostname} (pid ${lock.pid}) at ${lock.timestamp}`,
  );
  throw new Refusal(
    `the stack is currently locked by ${locks.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.${holders.join('')}`,
  );
}

/** A lock that cannot be read holds the stack all the same. */
function parseLock(path: string, content: string): Lock {
  const unknown = { path, pid: 0, username: 'unknown', hostname: 'unknown', timestamp: 'unknown' };
  try {
    const lock: unknown = JSON.parse(content);
    return typeof lock === 'object' && lock !== null ? { ...unknown, ...lock, path } : unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return unknown;
    throw error;
  }
}
