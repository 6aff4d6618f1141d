import { lstatSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Problem } from '../config/problem';
import { git, gitFault } from './git';
import { shown } from './names';
import { mayBeTracked } from './tracked';

/**
 * Why what lies in `.signalbox` is not to be believed: it was not made here. It holds code that is ready to run, a state and a
 * ledger, and whoever can commit to the repository must not be able to bring them. Undefined where nothing speaks against it.
 */
export async function planted(root: string): Promise<Problem | undefined> {
  const folder = join(root, '.signalbox');
  const refuse = (message: string, remedy: string): Problem => ({
    file: '.signalbox',
    message,
    rule: 'planted',
    remedy,
  });
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (!stats.isDirectory())
    return refuse('is no folder of its own', 'remove the link or file; Signalbox makes the folder');
  // As it is spelled on disk: where case does not count, git may know it by another name.
  const name = basename(realpathSync.native(folder));
  if (!mayBeTracked(root, name)) return undefined;
  // Whoever owns the repository: the index is only read, and nothing that its configuration names is run.
  const tracked = await git(['-c', 'safe.directory=*', 'ls-files', '-z', '--', name], { cwd: root });
  const fault = gitFault(tracked);
  if (fault !== undefined || tracked.kind === 'refused')
    return isNoRepository(fault ?? '')
      ? undefined
      : refuse(`may have come with the repository: ${fault}`, 'mend what git says');
  const [first] = tracked.stdout.toString('utf8').split('\0');
  if (first === undefined || first === '') return undefined;
  return refuse(
    `came with the repository: git keeps ${shown(first)}`,
    'it is never to be trusted: git rm -r --cached .signalbox, and move the folder away',
  );
}

const isNoRepository = (fault: string): boolean => /not a git repository|is not installed/.test(fault);
