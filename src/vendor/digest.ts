import { createHash } from 'node:crypto';
import type { SnapshotFile } from './port';

export type Files = ReadonlyMap<string, SnapshotFile>;

/** `sha256:` and 64 lower-case hex digits. */
export const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);

/** The hex digits of a digest, as folders of the store are named. Throws where it is none: that is a bug. */
export function hexOf(digest: string): string {
  if (!isDigest(digest)) throw new Error(`not a digest: ${JSON.stringify(digest)}`);
  return digest.slice('sha256:'.length);
}

/** Digest of one file's bytes. */
export const fileDigest = (content: Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/**
 * The identity of a component's content. Files are sorted by the bytes of their POSIX path in UTF-8; each contributes
 * `x` or `-` (executable or not), a space, the 64 hex digits of its content's SHA-256, a space, its path and a NUL byte;
 * all that after the line `signalbox tree 1`. Paths hold no NUL, so two different sets of files never give the same
 * text. Times, owners, other mode bits, empty folders and the platform's separators are not part of it.
 */
export function treeDigest(files: Files): string {
  const hash = createHash('sha256').update('signalbox tree 1\n');
  for (const path of sortedPaths(files)) {
    const file = files.get(path);
    if (!file) continue;
    const content = createHash('sha256').update(file.content).digest('hex');
    hash.update(`${file.executable ? 'x' : '-'} ${content} ${path}\0`);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Paths in the one order everything canonical uses: by UTF-8 bytes, so that no locale decides. */
export const sortedPaths = (files: ReadonlyMap<string, unknown>): string[] =>
  [...files.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
