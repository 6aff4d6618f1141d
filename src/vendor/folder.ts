import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Problem } from '../config/problem';
import { bad, good } from './checked';
import { type Files, sortedPaths } from './digest';
import type { Disk } from './disk';
import { MAX_BYTES, MAX_FILES, shown } from './names';
import type { Checked, SnapshotFile } from './port';

/**
 * Reads all files below a folder, by POSIX path relative to it. Never follows a link: symlinks and special files are
 * problems, as is more than a component may weigh. `label` is how messages name the folder.
 */
export function readFolder(folder: string, label: string, remedy?: string): Checked<Files> {
  const files = new Map<string, SnapshotFile>();
  const problems: Problem[] = [];
  let bytes = 0;
  const refuse = (path: string, message: string) => {
    problems.push({
      file: path === '' ? label : `${label}/${shown(path)}`,
      message,
      rule: 'vendor-content',
      ...(remedy === undefined ? {} : { remedy }),
    });
  };
  const visit = (path: string): void => {
    const full = path === '' ? folder : join(folder, path);
    const stat = lstatSync(full);
    if (stat.isSymbolicLink()) refuse(path, 'is a symlink');
    else if (stat.isDirectory()) {
      for (const name of readdirSync(full).sort()) visit(path === '' ? name : `${path}/${name}`);
    } else if (!stat.isFile()) refuse(path, 'is neither a file nor a folder');
    else {
      bytes += stat.size;
      if (bytes > MAX_BYTES || files.size >= MAX_FILES) return;
      files.set(path, { content: readFileSync(full), executable: (stat.mode & 0o100) !== 0 });
    }
  };
  visit('');
  if (bytes > MAX_BYTES || files.size >= MAX_FILES) refuse('', `is larger than 10 MiB or ${MAX_FILES} files`);
  return problems.length > 0 ? bad(...problems) : good(files);
}

/** Writes files below a folder that does not exist yet, durably. `readOnly` for content nobody may edit. */
export function writeFolder(disk: Disk, folder: string, files: Files, options: { readOnly: boolean }): void {
  disk.makeFolder(folder);
  const made = new Set([folder]);
  for (const path of sortedPaths(files)) {
    const file = files.get(path);
    if (!file) continue;
    const full = join(folder, ...path.split('/'));
    const parent = dirname(full);
    if (!made.has(parent)) {
      disk.makeFolder(parent);
      made.add(parent);
    }
    const mode = options.readOnly ? 0o444 : 0o644;
    disk.write(full, file.content, file.executable ? mode | 0o111 : mode);
  }
  for (const parent of made) disk.settle(parent);
}

/** Changes when any file below the folder was written, replaced, added or removed; costs one stat a file. */
export function stampOf(folder: string): string {
  const lines: string[] = [];
  const visit = (path: string): void => {
    const stat = lstatSync(path);
    lines.push(`${path} ${stat.mode} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino}`);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
  };
  visit(folder);
  return lines.join('\n');
}
