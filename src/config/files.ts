import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository as the loader sees it. Paths are relative to the root, with `/`. */
export interface Files {
  read(path: string): Content;
  list(folder: string): Listing;
}

export interface Listing {
  /** Sorted by name; empty where there is no such folder. */
  readonly children: readonly Child[];
  /** Why the folder was not looked into. */
  readonly refused?: string;
}

export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface Child {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** No configuration a person writes comes near this; it keeps hostile files from costing time. */
export const largestFile = 1_000_000;

export function filesOnDisk(root: string): Files {
  const real = new Map<string, boolean>();
  /** True when the path and every folder above it, up to the root, is no symbolic link. */
  const isReal = (path: string): boolean => {
    const known = real.get(path);
    if (known !== undefined) return known;
    const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : undefined;
    const answer = (parent === undefined || isReal(parent)) && !lstatSync(join(root, path)).isSymbolicLink();
    real.set(path, answer);
    return answer;
  };
  return {
    read(path) {
      try {
        if (!isReal(path)) return { kind: 'refused', reason: 'is reached through a symbolic link' };
        const stat = lstatSync(join(root, path));
        if (!stat.isFile()) return { kind: 'refused', reason: 'is not a file' };
        if (stat.size > largestFile) return { kind: 'refused', reason: 'is larger than 1 MB' };
        return decode(readFileSync(join(root, path)));
      } catch (error) {
        return absent(error) ? { kind: 'missing' } : { kind: 'refused', reason: cannotRead(error) };
      }
    },
    list(folder) {
      try {
        if (!isReal(folder)) return { children: [], refused: 'is a symbolic link' };
        const children = readdirSync(join(root, folder), { withFileTypes: true })
          .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        return { children };
      } catch (error) {
        return absent(error) ? { children: [] } : { children: [], refused: cannotRead(error) };
      }
    },
  };
}

/** UTF-8 only, and no NUL: anything else is not text somebody wrote. */
export function decode(bytes: Uint8Array): Content {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0')
      ? { kind: 'refused', reason: 'holds NUL characters: it is not text' }
      : { kind: 'text', text };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'refused', reason: 'is not UTF-8 text' };
  }
}

function kindOf(entry: Dirent): Child['kind'] {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'other';
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';

const absent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
const cannotRead = (error: unknown): string => `cannot be read (${codeOf(error)})`;
