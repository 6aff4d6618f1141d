import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../config/problem';
import { bad, good, reasonOf } from './checked';
import { type Files, isDigest, treeDigest } from './digest';
import { type Disk, realDisk, replaceFile } from './disk';
import { exclusively } from './exclusive';
import { readFolder, writeFolder } from './folder';
import { journalFolder, leftovers, STAGING } from './leftovers';
import { formatLock, LOCK_FILE, type LockedComponent, lockedComponent, readLock } from './lock';
import { isName } from './names';
import { rewritePins } from './pins';
import type { Checked } from './port';
import { findContent } from './seed';
import { isCommit } from './source';
import { type ContentStore, loadStore } from './store';
import { isRecord, type Pins, readTrackFile, trackFolder } from './trackfile';

/** Where a component's pin came from, for the lock. */
export type Origins = Readonly<Record<string, { readonly ref: string; readonly moves: boolean }>>;

export interface Swapped {
  readonly before: Pins;
  readonly after: Pins;
  /** Components whose pin changed, came or went, sorted. */
  readonly changed: readonly string[];
}

/** What a swap is to end in: enough to do it again from the store after a crash, and nothing of how far it came. */
interface Journal {
  readonly track: string;
  readonly pins: Pins;
  readonly origins: Origins;
  /** Components that were pinned before and are not any more. */
  readonly removed: readonly string[];
}

/**
 * Makes a track's folder hold exactly these pins: snapshots, lock and `track.yaml`, as one step. All content is taken
 * from the store (or another track's folder) by digest and staged beside the old; then the journal is written, and from
 * there on a crash is finished by `recoverSwaps`, before it undone. Writes only in `tracks/<track>` and `.signalbox`.
 */
export function swapPins(
  root: string,
  wish: { readonly track: string; readonly pins: Pins; readonly origins?: Origins },
  disk: Disk = realDisk,
): Checked<Swapped> {
  const { track } = wish;
  const file = readTrackFile(root, track);
  if (!file.ok) return file;
  const before = file.value.pins;
  const removed = Object.keys(before).filter((name) => !(name in wish.pins));
  return guarded(track, () =>
    exclusively(lockOf(root, track), () => {
      const pending = recoverTrack(root, track, disk);
      if (!pending.ok) return pending;
      const done = carryOut(root, { track, pins: wish.pins, origins: wish.origins ?? {}, removed }, disk);
      if (!done.ok) return done;
      const names = [...new Set([...Object.keys(before), ...Object.keys(wish.pins)])].sort();
      const isSame = (name: string) =>
        before[name]?.commit === wish.pins[name]?.commit && before[name]?.digest === wish.pins[name]?.digest;
      return good({ before, after: wish.pins, changed: names.filter((name) => !isSame(name)) });
    }),
  );
}

/** Finishes what a crash interrupted, in all tracks; names them. To be called before anything reads the tracks. */
export function recoverSwaps(root: string, disk: Disk = realDisk): Checked<readonly string[]> {
  const finished: string[] = [];
  const problems: Problem[] = [];
  for (const track of leftovers(root)) {
    const recovered = guarded(track, () =>
      exclusively(lockOf(root, track), () => recoverTrack(root, track, disk)),
    );
    if (!recovered.ok) problems.push(...recovered.problems);
    else if (recovered.value) finished.push(track);
  }
  return problems.length > 0 ? bad(...problems) : good(finished);
}

const lockOf = (root: string, track: string): string =>
  join(root, '.signalbox', 'locks', `track-${track}.lock`);

/** Whether there was a swap to finish. */
function recoverTrack(root: string, track: string, disk: Disk): Checked<boolean> {
  const path = join(journalFolder(root), `${track}.json`);
  if (!existsSync(path)) {
    // Staged but never begun: the old content still stands, whole.
    if (existsSync(join(trackFolder(root, track), STAGING)))
      disk.remove(join(trackFolder(root, track), STAGING));
    return good(false);
  }
  if (!existsSync(trackFolder(root, track))) {
    // Somebody removed the track since: there is nothing left to finish.
    disk.remove(path);
    return good(false);
  }
  const journal = parseJournal(readFileSync(path, 'utf8'));
  if (journal?.track !== track)
    return bad({
      message: `.signalbox/swaps/${track}.json is not a journal`,
      rule: 'vendor-swap',
      remedy: 'remove it',
    });
  const done = carryOut(root, journal, disk);
  return done.ok ? good(true) : done;
}

/** The same steps for the first time and after a crash at any of them: what is already as wished is left alone. */
function carryOut(root: string, journal: Journal, disk: Disk): Checked<true> {
  const { track } = journal;
  const folder = trackFolder(root, track);
  const staging = join(folder, STAGING);
  const store = loadStore(root, disk);
  const target = targetOf(root, store, journal);
  if (!target.ok) return target;
  const { contents, trackText, lockText } = target.value;

  if (existsSync(staging)) disk.remove(staging);
  disk.makeFolder(join(staging, 'new'));
  disk.makeFolder(join(staging, 'old'));
  const arriving: string[] = [];
  for (const [name, files] of contents) {
    if (holds(join(folder, name), files)) continue;
    writeFolder(disk, join(staging, 'new', name), files, { readOnly: false });
    arriving.push(name);
  }
  for (const [name, text] of [
    [LOCK_FILE, lockText],
    ['track.yaml', trackText],
  ] as const) {
    if (existsSync(join(folder, name)) && readFileSync(join(folder, name), 'utf8') === text) continue;
    disk.write(join(staging, 'new', name), text, 0o644);
    arriving.push(name);
  }
  const leaving = journal.removed.filter((name) => present(join(folder, name)));
  const journalPath = join(journalFolder(root), `${track}.json`);
  if (arriving.length + leaving.length > 0) {
    replaceFile(disk, journalPath, `${JSON.stringify(journal, undefined, 2)}\n`);
    for (const name of [...leaving, ...arriving]) {
      const isFile = name === LOCK_FILE || name === 'track.yaml';
      if (!isFile && present(join(folder, name))) disk.rename(join(folder, name), join(staging, 'old', name));
      if (arriving.includes(name)) disk.rename(join(staging, 'new', name), join(folder, name));
    }
    disk.settle(folder);
  }
  disk.remove(journalPath);
  disk.remove(staging);
  return good(true);
}

function targetOf(
  root: string,
  store: ContentStore,
  journal: Journal,
): Checked<{
  readonly contents: ReadonlyMap<string, Files>;
  readonly trackText: string;
  readonly lockText: string;
}> {
  const { track, pins, origins } = journal;
  const contents = new Map<string, Files>();
  const problems: Problem[] = [];
  const former = readLock(root, track);
  const components: Record<string, LockedComponent> = {};
  for (const [name, pin] of Object.entries(pins)) {
    const files = findContent(root, store, { component: name, pin });
    if (!files.ok) {
      problems.push(...files.problems);
      continue;
    }
    contents.set(name, files.value);
    const kept = former.ok ? former.value.components[name] : undefined;
    const origin = origins[name] ?? (kept?.commit === pin.commit && kept.digest === pin.digest ? kept : {});
    components[name] = lockedComponent(pin, files.value, origin);
  }
  // The pins are spliced into the file as it is now: what somebody wrote elsewhere in it after a crash is kept.
  const file = readTrackFile(root, track);
  if (!file.ok) problems.push(...file.problems);
  const text = file.ok ? rewritePins(file.value.text, pins, `tracks/${track}/track.yaml`) : file;
  if (file.ok && !text.ok) problems.push(...text.problems);
  if (problems.length > 0 || !text.ok) return bad(...problems);
  return good({ contents, trackText: text.value, lockText: formatLock({ components }) });
}

const present = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function holds(folder: string, files: Files): boolean {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false;
  const found = readFolder(folder, folder);
  return found.ok && treeDigest(found.value) === treeDigest(files);
}

function parseJournal(text: string): Journal | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || typeof value['track'] !== 'string' || !isRecord(value['pins'])) return undefined;
    const arePins = Object.entries(value['pins']).every(
      ([name, pin]) =>
        isName(name) && isRecord(pin) && isCommit(String(pin['commit'])) && isDigest(String(pin['digest'])),
    );
    const removed = value['removed'];
    if (!arePins || !isRecord(value['origins']) || !Array.isArray(removed) || !removed.every(isName))
      return undefined;
    return value as unknown as Journal;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}

/** What the disk refuses (no space, no permission) is told, with the track it was about. */
function guarded<T>(track: string, act: () => Checked<T>): Checked<T> {
  try {
    return act();
  } catch (error) {
    return bad({
      file: `tracks/${track}`,
      message: `could not be changed: ${reasonOf(error)}`,
      rule: 'vendor-swap',
      remedy: 'mend that, then run the same command again: it finishes what was begun',
    });
  }
}
