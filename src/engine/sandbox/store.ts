import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

const VERSION = 1;

/**
 * The one file behind the sandbox, shared by every process that opens it. A rollback journal without fsync: a killed
 * process leaves a whole transaction or none; only a machine that loses power may lose the pretend cloud.
 */
export interface Store {
  one(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  run(sql: string, ...values: SQLInputValue[]): number;
  /** Runs `work` alone among all processes; what it throws rolls everything back. */
  transact<T>(work: () => T): T;
  close(): void;
}

export type Row = Readonly<Record<string, SQLInputValue>>;

const TABLES = `
CREATE TABLE resources (
  key INTEGER PRIMARY KEY, stack TEXT NOT NULL, scope TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL,
  urn TEXT NOT NULL, name TEXT NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL, ready INTEGER, changed REAL NOT NULL,
  births INTEGER NOT NULL, revision INTEGER NOT NULL, created REAL NOT NULL, UNIQUE (stack, type, id, scope));
CREATE INDEX resources_urn ON resources (urn);
CREATE TABLE hosts (host TEXT NOT NULL, resource INTEGER NOT NULL REFERENCES resources (key) ON DELETE CASCADE);
CREATE INDEX hosts_host ON hosts (host);
CREATE INDEX hosts_resource ON hosts (resource);
CREATE TABLE births (urn TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE faults (fault TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE calls (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, stack TEXT NOT NULL, call TEXT NOT NULL, urn TEXT NOT NULL,
  id TEXT NOT NULL);
CREATE TABLE clock (
  one INTEGER PRIMARY KEY CHECK (one = 1), base_wall REAL NOT NULL, base_at REAL NOT NULL, scale REAL NOT NULL,
  seen_wall REAL NOT NULL);
PRAGMA user_version = ${VERSION};`;

/** Opens or creates the file and its folder. Throws where the file is none of ours. */
export function openStore(file: string): Store {
  mkdirSync(path.dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: 10_000, enableForeignKeyConstraints: true });
  database.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF;');
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  let depth = 0;
  const store: Store = {
    one: (sql, ...values) => prepare(sql).get(...values) as Row | undefined,
    all: (sql, ...values) => prepare(sql).all(...values) as Row[],
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    transact(work) {
      if (depth > 0) return work();
      database.exec('BEGIN IMMEDIATE');
      depth++;
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        // On a full disk SQLite has rolled everything back by itself.
        if (database.isTransaction !== false) database.exec('ROLLBACK');
        throw error;
      } finally {
        depth--;
      }
    },
    close() {
      database.close();
    },
  };
  const version = () => Number(store.one('PRAGMA user_version')?.['user_version']);
  if (version() === 0) {
    store.transact(() => {
      if (version() === 0) database.exec(TABLES);
    });
  }
  if (version() !== VERSION) {
    database.close();
    throw new Error(`${file} is no sandbox of this version; remove it to begin with an empty one`);
  }
  return store;
}
