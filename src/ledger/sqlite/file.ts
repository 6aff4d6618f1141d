import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LedgerFailure } from '../port';
import { applicationId, createSchema, requireKnownVersion } from './schema';

/**
 * Opens a ledger's file, or returns undefined where there is none. Anything but an intact ledger of ours is refused
 * before SQLite may touch it.
 */
export function openFile(file: string): DatabaseSync | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) return undefined;
  requireOurs(file, stats);
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // EXTRA also syncs the folder after the journal is gone: what was answered survives a power failure.
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;');
    requireKnownVersion(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Creates an empty ledger unless another process was faster. The file appears complete or not at all. */
export function createFile(file: string): void {
  if (existsSync(`${file}-journal`) && !existsSync(file)) {
    // SQLite would play the lost ledger's journal into the new file.
    throw damaged(file, 'is gone but its journal is still there');
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}.new`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    const database = new DatabaseSync(draft);
    try {
      database.exec('PRAGMA synchronous = EXTRA');
      createSchema(database);
    } finally {
      database.close();
    }
    publish(draft, file);
  } finally {
    rmSync(draft, { force: true });
    rmSync(`${draft}-journal`, { force: true });
  }
}

/** A link, not a rename: it never replaces what stands there. */
function publish(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return; // another process created it; that one is as good
  }
  if (process.platform === 'win32') return; // folders cannot be synced there
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export function damaged(file: string, what: string, cause?: unknown): LedgerFailure {
  return new LedgerFailure(
    'corrupt',
    `the ledger ${file} ${what}`,
    'restore the file from a backup; or, to begin with an empty ledger, move it and its -journal file out of the way',
    { cause },
  );
}

/** SQLite's header: `SQLite format 3\0`, the application id at byte 68 (https://www.sqlite.org/fileformat.html). */
function requireOurs(file: string, stats: Stats): void {
  if (!stats.isFile()) throw foreign(file, 'is not a file');
  if (stats.size === 0) throw damaged(file, 'is empty (0 bytes)');
  const header = Buffer.alloc(72);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    // Closing drops this process's SQLite locks on the file (POSIX); transactions never span a call, so there are none.
    closeSync(descriptor);
  }
  const isSqlite = header.toString('latin1', 0, 16) === 'SQLite format 3\0';
  if (!isSqlite) throw foreign(file, 'is not a ledger (no SQLite database)');
  if (header.readUInt32BE(68) !== applicationId)
    throw foreign(file, 'is a database, but not a Signalbox ledger');
}

function foreign(file: string, what: string): LedgerFailure {
  return new LedgerFailure(
    'unsupported',
    `${file} ${what}`,
    'restore the ledger from a backup; or, to begin with an empty one, move this file out of the way',
  );
}
