import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Extensions of an index that does not name every file: the rest is in another file, or stands for a whole folder. */
const PARTS = ['link\0', 'sdir\0'];

/**
 * Whether git may keep something of this name in the repository around `root`, so that it has to be asked: to start it is an
 * eighth of a short command. Not where there is no repository, nor where the index spells the name nowhere;
 * only indexes that write whole paths (versions 2 and 3) are judged so, for everything else the answer is yes.
 */
export function mayBeTracked(root: string, name: string): boolean {
  const git = repositoryOf(root);
  if (git === undefined) return false;
  const index = read(join(git, 'index'));
  if (index === undefined || index.toString('latin1', 0, 4) !== 'DIRC') return true;
  const isWhole = [2, 3].includes(index.readUInt32BE(4)) && !PARTS.some((part) => index.includes(part));
  return !isWhole || index.includes(name);
}

/** The `.git` of the nearest repository: a folder, or a file in linked worktrees and submodules. */
function repositoryOf(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    if (lstatSync(git, { throwIfNoEntry: false })) return git;
    if (folder === dirname(folder)) return undefined;
  }
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    // No file, or a worktree whose index is elsewhere: git knows.
    return undefined;
  }
}
