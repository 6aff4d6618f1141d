import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bad } from './checked';
import { type Files, hexOf, isDigest, treeDigest } from './digest';
import { type Disk, realDisk } from './disk';
import { readFolder, stampOf, writeFolder } from './folder';
import type { Checked, Store } from './port';

/**
 * All content that was ever vendored here, by digest, in `<root>/.signalbox/store/<64 hex digits>/`. Nothing in it
 * changes. Content is hashed when this process first uses it, and again when its stamp moved.
 */
export interface ContentStore extends Store {
  readonly root: string;
  /** Stores files (atomically; already there is fine) and returns their digest. */
  put(files: Files): string;
  /** The stored files; a problem where they are missing or no longer what their digest says. */
  read(digest: string): Checked<Files>;
}

export const storeFolder = (root: string): string => join(root, '.signalbox', 'store');

let drafts = 0;

/** Reads nothing yet. Methods throw on what no file of the user can cause: no space, no permission. */
export function loadStore(root: string, disk: Disk = realDisk): ContentStore {
  const base = storeFolder(root);
  const verified = new Map<string, string>();

  const isSound = (digest: string, folder: string): boolean => {
    if (verified.get(digest) === stampOf(folder)) return true;
    const stamp = stampOf(folder);
    const files = readFolder(folder, folder);
    if (!files.ok || treeDigest(files.value) !== digest) return false;
    verified.set(digest, stamp);
    return true;
  };

  const folder = (digest: string): string | undefined => {
    if (!isDigest(digest)) return undefined;
    const path = join(base, hexOf(digest));
    return existsSync(path) && isSound(digest, path) ? path : undefined;
  };

  return {
    root,
    folder,
    has: (digest) => folder(digest) !== undefined,
    read: (digest) => {
      const path = folder(digest);
      if (path !== undefined) return readFolder(path, path);
      return bad({
        message: `content ${digest} is not in the store`,
        rule: 'vendor-store',
        remedy: 'run: npm run vendor -- check',
      });
    },
    put: (files) => {
      const digest = treeDigest(files);
      if (folder(digest) !== undefined) return digest;
      const final = join(base, hexOf(digest));
      const draft = join(base, `draft-${process.pid}-${drafts++}`);
      disk.remove(draft);
      writeFolder(disk, draft, files, { readOnly: true });
      // Only content that no longer fits its digest is in the way here; what was compiled from it goes too.
      if (existsSync(final)) {
        disk.remove(final);
        disk.remove(`${final}.js`);
      }
      try {
        disk.rename(draft, final);
      } catch (error) {
        // Another process stored the same content meanwhile; anything else is not ours to hide.
        if (folder(digest) === undefined) throw error;
        disk.remove(draft);
      }
      disk.settle(base);
      return digest;
    },
  };
}
