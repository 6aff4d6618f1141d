import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Row } from '../../../src/ledger/chain';
import { openSqliteLedger } from '../../../src/ledger/sqlite/ledger';
import { ledgerContract } from '../contract';

ledgerContract('sqlite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-ledger-'));
  const file = join(folder, 'ledger.db');
  return {
    open: (machine) => openSqliteLedger(file, machine),
    tamper: (track, seq, change) => tamper(file, track, seq, change),
    dispose: () => rmSync(folder, { recursive: true }),
  };
});

function tamper(file: string, track: string, seq: number, change: (row: Row) => Row | undefined): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('DROP TRIGGER IF EXISTS entry_update; DROP TRIGGER IF EXISTS entry_delete');
    const row = database.prepare('SELECT * FROM entry WHERE track = ? AND seq = ?').get(track, seq);
    const changed = change({ ...row } as unknown as Row);
    if (!changed) {
      database.prepare('DELETE FROM entry WHERE track = ? AND seq = ?').run(track, seq);
      return;
    }
    const { type, at, actor, key, payload, prev, hash } = changed;
    database
      .prepare(
        'UPDATE entry SET type=?, at=?, actor=?, key=?, payload=?, prev=?, hash=? WHERE track=? AND seq=?',
      )
      .run(type, at, actor, key, payload, prev, hash, track, seq);
  } finally {
    database.close();
  }
}
