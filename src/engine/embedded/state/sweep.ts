import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { namesIn, type StackPaths } from './backend';
import { isCode } from './file';
import type { HeldLock } from './lock';

/** How this room and `FileState` name what they have not finished writing. */
const UNFINISHED = /\.json\.(?:[0-9a-f-]{36}|\d+)\.tmp$/;
/** Others may be about to take the lock: what they write for it is left alone for so long, in milliseconds. */
const YOUNG = 60_000;

/**
 * Removes what killed processes left half written for this stack. Only who holds its lock may write its state and history, so
 * what is older than the lock that is held now has no living writer. Both times are the file system's own.
 */
export async function sweep(paths: StackPaths, held: HeldLock): Promise<void> {
  const since = (await stat(held.path)).mtimeMs;
  const state = basename(paths.checkpoint);
  await sweepFolder(dirname(paths.checkpoint), since, (name) => name.startsWith(`${state}.`));
  await sweepFolder(paths.history, since);
  await sweepFolder(paths.locks, since - YOUNG);
}

async function sweepFolder(
  folder: string,
  before: number,
  isWanted: (name: string) => boolean = () => true,
): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!UNFINISHED.test(name) || !isWanted(name)) continue;
    const path = join(folder, name);
    if ((await writtenAt(path)) < before) await rm(path, { force: true });
  }
}

/** Never, where it has its real name by now. */
async function writtenAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
