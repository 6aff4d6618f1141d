import type { DatabaseSync } from 'node:sqlite';
import { appendix } from '../appendix';
import { type Break, entryOf, firstBreak, type Head, origin, type Row } from '../chain';
import {
  grant,
  heldBy,
  isCurrent,
  type LeaseRow,
  leaseOf,
  type Machine,
  released,
  requireCurrent,
  thisMachine,
  whileHeld,
} from '../lease';
import type { Draft, Entry, Holder, Lease, Ledger } from '../port';
import { damaged } from './file';
import { Store } from './store';

export interface SqliteOptions extends Partial<Machine> {
  /** The longest wait for other processes' locks, in milliseconds; 10 s by default. */
  readonly patience?: number;
}

/**
 * A ledger in one SQLite file (rollback journal, every commit synced). Nothing is touched before the first use; reading
 * where there is no file answers as an empty ledger and creates nothing. All failures are rejections.
 */
export function openSqliteLedger(
  file: string,
  { patience = 10_000, ...machine }: SqliteOptions = {},
): Ledger {
  return new SqliteLedger(new Store(file, patience), { ...thisMachine, ...machine });
}

class SqliteLedger implements Ledger {
  constructor(
    private readonly store: Store,
    private readonly machine: Machine,
  ) {}

  async read(track: string, after = 0): Promise<readonly Entry[]> {
    const entries = await this.store.read((database) => {
      const head = headOf(database, track);
      if (after > head.seq) return [];
      // The last known entry is read too: the first new one has to follow it.
      const known = after > 0 ? rowsOf(database, track, after, after)[0] : origin;
      const rows = rowsOf(database, track, after + 1);
      const broken = known ? firstBreak(rows, known, head) : { reason: `entry ${after} is missing` };
      if (broken) throw damaged(this.store.file, `is damaged: track ${track}: ${broken.reason}`);
      return rows.map(entryOf);
    });
    return entries ?? [];
  }

  async tracks(): Promise<readonly string[]> {
    const sql = 'SELECT track FROM head UNION SELECT track FROM entry ORDER BY track';
    const rows = await this.store.read((database) => database.prepare(sql).all());
    return (rows ?? []).map((row) => String(row['track']));
  }

  append(track: string, head: number, drafts: readonly Draft[], lease?: Lease): Promise<readonly Entry[]> {
    return this.store.write((database) => {
      if (lease) requireCurrent(leaseRow(database, lease.resource), lease);
      const byKey = database.prepare('SELECT * FROM entry WHERE track = ? AND key = ?');
      const added = appendix(
        { track, head, drafts, last: headOf(database, track) },
        (key) => byKey.get(track, key) as Row | undefined,
      );
      if (added.fresh.length > 0) insert(database, track, added.fresh, added.last);
      return added.answer.map(entryOf);
    });
  }

  acquire(resource: string, holder: Holder, ttl: number) {
    return this.store.write((database) => {
      const result = grant(leaseRow(database, resource), { resource, holder, ttl }, this.machine);
      if ('taken' in result) return heldBy(result.taken);
      const { token, until } = result.granted;
      database
        .prepare(
          'INSERT OR REPLACE INTO lease (resource, token, until, actor, host, pid, started) VALUES (?, ?, ?, ?, ?, ?, ?)',
        )
        .run(resource, token, until, holder.actor, holder.host, holder.pid, holder.started ?? null);
      return leaseOf(result.granted);
    });
  }

  holderOf(resource: string) {
    return this.store.read((database) => {
      const row = whileHeld(leaseRow(database, resource), this.machine);
      return row && heldBy(row);
    });
  }

  renew(lease: Lease, ttl: number): Promise<boolean> {
    return this.expire(lease, this.machine.now() + ttl);
  }

  async release(lease: Lease): Promise<void> {
    await this.expire(lease, released);
  }

  verify(track: string): Promise<Break | undefined> {
    return this.store.read((database) =>
      firstBreak(rowsOf(database, track, 1), origin, headOf(database, track)),
    );
  }

  async close(): Promise<void> {
    this.store.close();
  }

  private expire(lease: Lease, until: number): Promise<boolean> {
    return this.store.write((database) => {
      if (!isCurrent(leaseRow(database, lease.resource), lease)) return false;
      database.prepare('UPDATE lease SET until = ? WHERE resource = ?').run(until, lease.resource);
      return true;
    });
  }
}

function headOf(database: DatabaseSync, track: string): Head {
  const row = database.prepare('SELECT seq, hash FROM head WHERE track = ?').get(track);
  return (row as Head | undefined) ?? origin;
}

function rowsOf(
  database: DatabaseSync,
  track: string,
  from: number,
  to = Number.MAX_SAFE_INTEGER,
): readonly Row[] {
  const sql = 'SELECT * FROM entry WHERE track = ? AND seq BETWEEN ? AND ? ORDER BY seq';
  return database.prepare(sql).all(track, from, to) as unknown as Row[];
}

function insert(database: DatabaseSync, track: string, rows: readonly Row[], head: Head): void {
  const statement = database.prepare(
    'INSERT INTO entry (track, seq, type, at, actor, key, payload, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  for (const { seq, type, at, actor, key, payload, prev, hash } of rows) {
    statement.run(track, seq, type, at, actor, key, payload, prev, hash);
  }
  database
    .prepare('INSERT OR REPLACE INTO head (track, seq, hash) VALUES (?, ?, ?)')
    .run(track, head.seq, head.hash);
}

function leaseRow(database: DatabaseSync, resource: string): LeaseRow | undefined {
  const row = database.prepare('SELECT * FROM lease WHERE resource = ?').get(resource);
  if (!row) return undefined;
  const { token, until, actor, host, pid, started } = row as unknown as Holder & {
    token: number;
    until: number;
    started: string | null;
  };
  return { resource, token, until, holder: { actor, host, pid, ...(started !== null && { started }) } };
}
