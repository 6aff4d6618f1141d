import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../config/problem';
import type { Pin } from '../core/project';
import { bad, good, reasonOf } from './checked';
import { type Files, fileDigest, sortedPaths, treeDigest } from './digest';
import { readFolder } from './folder';
import { STAGING } from './leftovers';
import { isName, shown } from './names';
import type { Checked } from './port';
import { isRecord, readTrackFile, type TrackFile, trackFolder } from './trackfile';

/** `tracks/<track>/track.lock`: derived from what was vendored, never written by hand. */
export interface Lock {
  readonly components: Readonly<Record<string, LockedComponent>>;
}

export interface LockedComponent extends Pin {
  /** What was asked for when it came from git, and whether that name is one that may move. */
  readonly ref?: string;
  readonly moves?: boolean;
  /** Digest of each file by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Paths of files that are executable. */
  readonly executable?: readonly string[];
}

export const LOCK_FILE = 'track.lock';

export function lockedComponent(
  pin: Pin,
  files: Files,
  origin: { readonly ref?: string; readonly moves?: boolean } = {},
): LockedComponent {
  const paths = sortedPaths(files);
  const executable = paths.filter((path) => files.get(path)?.executable);
  return {
    commit: pin.commit,
    digest: pin.digest,
    ...(origin.ref === undefined ? {} : { ref: origin.ref, moves: origin.moves ?? true }),
    files: Object.fromEntries(
      paths.map((path) => [path, fileDigest(files.get(path)?.content ?? new Uint8Array())]),
    ),
    ...(executable.length > 0 ? { executable } : {}),
  };
}

/** JSON, components sorted, one entry a line, newline at the end: the same content gives the same text. */
export function formatLock(lock: Lock): string {
  const names = Object.keys(lock.components).sort();
  const components = Object.fromEntries(names.map((name) => [name, lock.components[name]]));
  return `${JSON.stringify({ lockVersion: 1, components }, undefined, 2)}\n`;
}

/** Problems: no lock, not a plain file, not of this shape. */
export function readLock(root: string, track: string): Checked<Lock> {
  const file = `tracks/${track}/${LOCK_FILE}`;
  const refuse = (message: string) =>
    bad({ file, message, rule: 'vendor-lock', remedy: `run: npm run vendor -- pull --track ${track}` });
  try {
    const path = join(trackFolder(root, track), LOCK_FILE);
    if (!lstatSync(path).isFile()) return refuse('is not a plain file');
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isRecord(value) || value['lockVersion'] !== 1 || !isRecord(value['components']))
      return refuse('is not a lock of version 1');
    const components = Object.entries(value['components']);
    const odd = components.find(([name, component]) => !isName(name) || !isLocked(component));
    if (odd) return refuse(`"${shown(odd[0])}" is not a locked component`);
    return good({ components: Object.fromEntries(components) as Lock['components'] });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return refuse(isMissing ? 'is missing' : `cannot be read: ${reasonOf(error)}`);
  }
}

const isLocked = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['commit'] === 'string' &&
  typeof value['digest'] === 'string' &&
  isRecord(value['files']) &&
  Object.values(value['files']).every((digest) => typeof digest === 'string') &&
  (value['executable'] === undefined || Array.isArray(value['executable']));

/**
 * Compares a track's pins, its lock and the files in its folder. Every difference is a problem that names the file;
 * none means that the folder holds exactly what is pinned. The value is what was read, so that nothing is read twice.
 */
export function verifyTrack(
  root: string,
  track: string,
): Checked<{ readonly file: TrackFile; readonly lock: Lock; readonly contents: ReadonlyMap<string, Files> }> {
  const file = readTrackFile(root, track);
  if (!file.ok) return file;
  const names = Object.keys(file.value.pins).sort();
  const locked = readLock(root, track);
  if (!locked.ok && names.length > 0) return locked;
  const lock = locked.ok ? locked.value : { components: {} };
  const remedy = `run: npm run vendor -- pull --track ${track}`;
  const problems: Problem[] = [];
  const refuse = (path: string, message: string, other = remedy) => {
    problems.push({ file: `tracks/${track}/${path}`, message, rule: 'vendor-drift', remedy: other });
  };
  const contents = new Map<string, Files>();

  for (const name of names) {
    const pin = file.value.pins[name];
    const component = lock.components[name];
    if (!pin || !component) {
      refuse(LOCK_FILE, `"${name}" is pinned but not locked`);
      continue;
    }
    for (const field of ['commit', 'digest'] as const)
      if (pin[field] !== component[field])
        refuse(
          'track.yaml',
          `"${name}" is pinned to ${field} ${pin[field]} but locked to ${component[field]}`,
        );
    const folder = join(trackFolder(root, track), name);
    if (!isFolder(folder)) {
      refuse(name, 'is missing');
      continue;
    }
    const files = readFolder(folder, `tracks/${track}/${name}`, remedy);
    if (!files.ok) {
      problems.push(...files.problems);
      continue;
    }
    contents.set(name, files.value);
    const before = problems.length;
    compare(name, component, files.value, refuse);
    if (problems.length === before && treeDigest(files.value) !== pin.digest)
      refuse(name, `does not have the pinned digest ${pin.digest}`);
  }
  for (const name of Object.keys(lock.components))
    if (!(name in file.value.pins)) refuse(LOCK_FILE, `"${shown(name)}" is locked but not pinned`);
  for (const entry of readdirSync(trackFolder(root, track), { withFileTypes: true })) {
    if (entry.isSymbolicLink() && !(entry.name in file.value.pins))
      refuse(shown(entry.name), 'is a symlink', 'remove it');
    if (entry.isDirectory() && entry.name !== STAGING && !(entry.name in file.value.pins))
      refuse(shown(entry.name), 'is a folder that is not pinned', 'remove it');
  }
  return problems.length > 0 ? bad(...problems) : good({ file: file.value, lock, contents });
}

function compare(
  name: string,
  locked: LockedComponent,
  files: Files,
  refuse: (path: string, message: string) => void,
) {
  const executable = new Set(locked.executable ?? []);
  for (const [path, digest] of Object.entries(locked.files)) {
    const file = files.get(path);
    if (!file) refuse(`${name}/${path}`, 'is missing');
    else if (fileDigest(file.content) !== digest) refuse(`${name}/${path}`, 'was edited by hand');
    else if (file.executable !== executable.has(path))
      refuse(`${name}/${path}`, `was made ${file.executable ? 'executable' : 'not executable'}`);
  }
  for (const path of files.keys())
    if (!(path in locked.files)) refuse(`${name}/${shown(path)}`, 'is not part of the pinned content');
}

const isFolder = (path: string): boolean => {
  // A link to a folder counts as there: reading it then says that it is a link.
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.isDirectory() || stat.isSymbolicLink());
};
