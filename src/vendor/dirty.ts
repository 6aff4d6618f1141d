import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../config/problem';
import { good } from './checked';
import { git } from './git';
import { LOCK_FILE, verifyTrack } from './lock';
import type { Checked } from './port';
import { readTrackFile, trackFolder } from './trackfile';

/** Why a track's folder should not be written over. */
export interface Dirt {
  /** The folder is not what its lock and pins say: somebody's edits would be lost. */
  readonly drift: readonly Problem[];
  /** Paths below the track's folder that git has not committed (a promotion without `--commit` leaves such). */
  readonly uncommitted: readonly string[];
  /** Whether there is a git repository to ask; without one `uncommitted` is empty. */
  readonly hasRepository: boolean;
}

/** Looks, changes nothing. A track that does not exist is a problem; drift is not, it is the answer. */
export async function dirtOf(root: string, track: string): Promise<Checked<Dirt>> {
  const file = readTrackFile(root, track);
  if (!file.ok) return file;
  const verified = verifyTrack(root, track);
  const drift = verified.ok ? [] : verified.problems;
  const args = [
    'status',
    '--porcelain',
    '-z',
    '--untracked-files=all',
    '--ignored=no',
    '--',
    `tracks/${track}`,
  ];
  const answer = await git(args, { cwd: root });
  if (answer.kind === 'refused' || answer.code !== 0)
    return good({ drift, uncommitted: [], hasRepository: false });
  const uncommitted: string[] = [];
  const records = answer.stdout.toString('utf8').split('\0');
  for (let at = 0; at < records.length; at++) {
    const record = records[at] ?? '';
    if (record === '') continue;
    uncommitted.push(record.slice(3));
    // A rename or copy is followed by the name it had.
    if (/^[RC]|^.[RC]/.test(record)) at++;
  }
  return good({ drift, uncommitted, hasRepository: true });
}

/** What of a track belongs into a commit: its file, its lock and what it pins. */
export function committedPaths(
  root: string,
  track: string,
  components: readonly string[],
): readonly string[] {
  const names = ['track.yaml', LOCK_FILE, ...components];
  const isThere = (name: string) =>
    lstatSync(join(trackFolder(root, track), name), { throwIfNoEntry: false });
  return names.filter((name) => isThere(name) !== undefined).map((name) => `tracks/${track}/${name}`);
}
