import type { DatabaseSync } from 'node:sqlite';
import { LedgerFailure } from '../port';

/** `SBox`: SQLite's header says with it whose file this is. */
export const applicationId = 0x53426f78;
export const schemaVersion = 1;

const tables = `
CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT;
INSERT INTO schema_version VALUES (${schemaVersion});

CREATE TABLE entry (
  track TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, at REAL NOT NULL, actor TEXT NOT NULL,
  key TEXT NOT NULL, payload TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (track, seq), UNIQUE (track, key)
) STRICT;
CREATE TABLE head (track TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE lease (
  resource TEXT PRIMARY KEY, token INTEGER NOT NULL, until REAL NOT NULL,
  actor TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT
) STRICT;

CREATE TRIGGER entry_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`;

export function createSchema(database: DatabaseSync): void {
  database.exec(`BEGIN; PRAGMA application_id = ${applicationId}; ${tables} COMMIT;`);
}

/** Older schemas are migrated here once there is a second one. */
export function requireKnownVersion(database: DatabaseSync, file: string): void {
  const version = database.prepare('SELECT version FROM schema_version').get()?.['version'];
  if (version === schemaVersion) return;
  throw new LedgerFailure(
    'unsupported',
    `the ledger ${file} has schema version ${version}; this Signalbox knows version ${schemaVersion}`,
    'use the Signalbox that wrote it, or a newer one',
  );
}
