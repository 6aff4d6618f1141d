import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isName } from './names';

/** The name of the half-made content a swap keeps in a track's folder. */
export const STAGING = '.swap';

export const journalFolder = (root: string): string => join(root, '.signalbox', 'swaps');

/** Tracks with a journal or with staged content, whichever a crash left. Every command looks: nothing is loaded for it. */
export function leftovers(root: string): readonly string[] {
  const journals = existsSync(journalFolder(root)) ? readdirSync(journalFolder(root)) : [];
  const named = journals.flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []);
  const tracks = join(root, 'tracks');
  const folders = existsSync(tracks) ? readdirSync(tracks) : [];
  const staged = folders.filter((track) => existsSync(join(tracks, track, STAGING)));
  return [...new Set([...named, ...staged])].filter(isName).sort();
}
