import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../config/problem';
import type { Pin } from '../core/project';
import { bad, good } from './checked';
import { type Files, treeDigest } from './digest';
import { readFolder } from './folder';
import { verifyTrack } from './lock';
import type { Checked } from './port';
import { type ContentStore, loadStore } from './store';
import { trackFolder, trackNames } from './trackfile';

/**
 * Refills the store from the track folders (a fresh clone has no store): what each track pins, verified against its
 * lock, is put where it is missing. Needs no git. Problems as `verifyTrack` has them; sound tracks are stored all the same.
 */
export function seedStore(
  root: string,
  tracks: readonly string[] = trackNames(root),
  store: ContentStore = loadStore(root),
): Checked<ContentStore> {
  const problems: Problem[] = [];
  for (const track of tracks) {
    const verified = verifyTrack(root, track);
    if (!verified.ok) problems.push(...verified.problems);
    else for (const files of verified.value.contents.values()) store.put(files);
  }
  return problems.length > 0 ? bad(...problems) : good(store);
}

/** Content of a pin: from the store, or from whichever track's folder holds it. Problem: it is nowhere in reach. */
export function findContent(
  root: string,
  store: ContentStore,
  wanted: { readonly component: string; readonly pin: Pin },
): Checked<Files> {
  const { component, pin } = wanted;
  if (store.has(pin.digest)) return store.read(pin.digest);
  for (const track of trackNames(root)) {
    const folder = join(trackFolder(root, track), component);
    if (!existsSync(folder)) continue;
    const files = readFolder(folder, `tracks/${track}/${component}`);
    if (!files.ok || treeDigest(files.value) !== pin.digest) continue;
    store.put(files.value);
    return files;
  }
  return bad({
    message: `the content of ${component} at ${pin.commit.slice(0, 12)} (${pin.digest}) is neither in the store nor in a track's folder`,
    rule: 'vendor-store',
    remedy: `fetch it: npm run vendor -- pull --track <first track> --ref ${pin.commit}`,
  });
}
