import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Every change vendoring makes on disk goes through here, so that a test can stop the world after any of them. */
export interface Disk {
  /** With the folders on the way. */
  makeFolder(path: string): void;
  /** Writes a new file durably (the content is on disk when this returns). Fails where the file exists. */
  write(path: string, content: Uint8Array | string, mode: number): void;
  /** Atomic where both lie on one file system. */
  rename(from: string, to: string): void;
  /** With everything in it; nothing happens where it is absent. */
  remove(path: string): void;
  /** Makes renames in this folder durable. */
  settle(folder: string): void;
}

export const realDisk: Disk = {
  makeFolder: (path) => {
    mkdirSync(path, { recursive: true });
  },
  write: (path, content, mode) => {
    const file = openSync(path, 'wx', mode);
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  settle: (folder) => {
    // Windows cannot open folders; its renames need no help.
    if (process.platform === 'win32') return;
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  },
};

let drafts = 0;

/** Replaces a file in one step: a reader sees the old text or the new one. */
export function replaceFile(disk: Disk, path: string, content: string): void {
  const draft = `${path}.${process.pid}-${drafts++}.draft`;
  disk.makeFolder(dirname(path));
  disk.remove(draft);
  disk.write(draft, content, 0o644);
  disk.rename(draft, path);
  disk.settle(dirname(path));
}
