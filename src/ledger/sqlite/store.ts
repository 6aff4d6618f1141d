import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { LedgerFailure } from '../port';
import { createFile, damaged, openFile } from './file';

/** A ledger's file: opened at its first use, created at the first write; transactions, patience and error translation. */
export class Store {
  private opened: { readonly database: DatabaseSync; readonly inode: number } | undefined;
  private isClosed = false;

  constructor(
    readonly file: string,
    /** The longest wait for other processes' locks, in milliseconds. */
    private readonly patience: number,
  ) {}

  /** Runs `look` on one consistent state; undefined where there is no file yet. */
  read<T>(look: (database: DatabaseSync) => T): Promise<T | undefined> {
    return this.patiently(() => {
      const database = this.open();
      return database && transaction(database, 'BEGIN', look);
    });
  }

  /** Runs `change` alone among all processes; all of it happens or nothing. */
  write<T>(change: (database: DatabaseSync) => T): Promise<T> {
    return this.patiently(() => {
      if (!this.open()) createFile(this.file);
      const database = this.open();
      if (!database)
        throw new LedgerFailure('unavailable', `${this.file} vanished while in use`, 'try again');
      return transaction(database, 'BEGIN IMMEDIATE', change);
    });
  }

  close(): void {
    this.isClosed = true;
    this.opened?.database.close();
    this.opened = undefined;
  }

  private open(): DatabaseSync | undefined {
    if (this.isClosed) throw new Error(`the ledger ${this.file} was closed by this program before`);
    const inode = statSync(this.file, { throwIfNoEntry: false })?.ino;
    if (this.opened && this.opened.inode !== inode) {
      // Writing on would go into a file that nobody can find any more.
      throw new LedgerFailure(
        'unavailable',
        `the ledger ${this.file} was removed or replaced while in use`,
        'put the file back if you can, then run the same command again',
      );
    }
    if (inode === undefined) return undefined;
    const database = this.opened?.database ?? openFile(this.file);
    if (database) this.opened = { database, inode };
    return database;
  }

  /** Waits between attempts instead of inside SQLite, which would stop the whole process. */
  private async patiently<T>(attempt: () => T): Promise<T> {
    const deadline = performance.now() + this.patience;
    for (let pause = 2; ; pause = Math.min(pause * 2, 64)) {
      try {
        return attempt();
      } catch (error) {
        const failure = translate(error, this.file);
        if (!(failure instanceof LedgerFailure) || failure.kind !== 'busy') throw failure;
        if (performance.now() + pause > deadline) throw failure;
        await delay(pause * (0.5 + Math.random())); // unequal pauses: two writers do not meet again and again
      }
    }
  }
}

function transaction<T>(
  database: DatabaseSync,
  begin: 'BEGIN' | 'BEGIN IMMEDIATE',
  body: (database: DatabaseSync) => T,
): T {
  database.exec(begin);
  try {
    const result = body(database);
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Result codes: https://www.sqlite.org/rescode.html; the low byte is the primary one. */
function translate(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code, errcode } = error as NodeJS.ErrnoException & { errcode?: number };
  if (code === 'ERR_SQLITE_ERROR' && errcode !== undefined) return ofSqlite(error, errcode & 0xff, file);
  if (error instanceof LedgerFailure || !('syscall' in error)) return error;
  return unavailable(file, error);
}

function ofSqlite(error: Error, code: number, file: string): unknown {
  switch (code) {
    case 5: // BUSY
    case 6: // LOCKED
      return new LedgerFailure('busy', `the ledger ${file} is locked by another process`, 'try again', {
        cause: error,
      });
    case 11: // CORRUPT
    case 26: // NOTADB
      return damaged(file, `is damaged (${error.message})`, error);
    case 1: // ERROR: a table is not there; our own statements are tested
      return damaged(file, `is not complete (${error.message})`, error);
    case 3: // PERM
    case 8: // READONLY
    case 10: // IOERR
    case 13: // FULL
    case 14: // CANTOPEN
      return unavailable(file, error);
    default:
      return error;
  }
}

function unavailable(file: string, cause: Error): LedgerFailure {
  return new LedgerFailure(
    'unavailable',
    `the ledger ${file} cannot be read or written (${cause.message})`,
    'check that its folder exists, belongs to you and has space left',
    { cause },
  );
}
