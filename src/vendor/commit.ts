import { bad, good } from './checked';
import { committedPaths } from './dirty';
import { git, gitFault } from './git';
import type { Checked } from './port';
import { readTrackFile } from './trackfile';

export interface Committed {
  /** The new commit, 40 hex digits; undefined where there was nothing to commit. */
  readonly commit?: string;
}

/**
 * Commits a track's pins, lock and snapshots, and nothing else, whatever else is staged; no hooks run. The author comes
 * from git's configuration. Problems: no repository, no identity, a merge or rebase half done.
 */
export async function commitPins(root: string, track: string, message: string): Promise<Checked<Committed>> {
  const file = readTrackFile(root, track);
  if (!file.ok) return file;
  const refuse = (what: string, remedy?: string) =>
    bad({
      message: `tracks/${track} was not committed: ${what}`,
      rule: 'vendor-commit',
      ...(remedy ? { remedy } : {}),
    });
  const call = { cwd: root };
  const repository = await git(['rev-parse', '--is-inside-work-tree'], call);
  if (gitFault(repository) !== undefined)
    return refuse('this is not a git repository', 'leave out --commit, or: git init');
  for (const who of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    // Without `useConfigOnly` git would make an address up from the machine's name.
    const fault = gitFault(await git(['-c', 'user.useConfigOnly=true', 'var', who], call));
    if (fault !== undefined)
      return refuse(
        'git does not know who you are',
        'git config user.name "…" and git config user.email "…"',
      );
  }
  const paths = committedPaths(root, track, Object.keys(file.value.pins));
  // Forced: an ignore rule that fits a component's file must not keep it out of its own snapshot.
  const steps = [
    ['add', '--force', '--all', '--', ...paths],
    ['add', '--update', '--', `tracks/${track}`],
  ];
  for (const step of steps) {
    const fault = gitFault(await git(step, call));
    if (fault !== undefined) return refuse(fault);
  }
  const staged = await git(['diff', '--cached', '--quiet', '--', `tracks/${track}`], call);
  if (staged.kind === 'ended' && staged.code === 0) return good({});
  const args = [
    'commit',
    '--quiet',
    '--no-verify',
    '--only',
    '--file=-',
    '--cleanup=whitespace',
    '--',
    `tracks/${track}`,
  ];
  const fault = gitFault(await git(args, { ...call, stdin: message }));
  if (fault !== undefined) return refuse(fault);
  const head = await git(['rev-parse', '--verify', 'HEAD'], call);
  const why = gitFault(head);
  if (why !== undefined || head.kind === 'refused') return refuse(why ?? '');
  return good({ commit: head.stdout.toString('utf8').trim() });
}
