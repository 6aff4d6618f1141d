import { type Instant, instant } from '../../core/time';
import type { Wire } from '../embedded/provider';
import { type Call, type Made, type NewResource, Refusal, type Resource, type ResourceKey } from './resource';
import type { Row, Store } from './store';

export function count(store: Store, fault: string): number {
  store.run('INSERT INTO faults (fault, n) VALUES (?, 1) ON CONFLICT (fault) DO UPDATE SET n = n + 1', fault);
  return noted(store, fault);
}

/** The number that is kept of a fault, 0 where there is none yet. */
export const noted = (store: Store, fault: string): number =>
  Number(store.one('SELECT n FROM faults WHERE fault = ?', fault)?.['n'] ?? 0);

export function renote(store: Store, fault: string, n: number): void {
  store.run('INSERT OR REPLACE INTO faults (fault, n) VALUES (?, ?)', fault, n);
}

export function note(store: Store, { at, stack, call, urn, id }: Omit<Call, 'seq'>): void {
  store.run('INSERT INTO calls (at, stack, call, urn, id) VALUES (?, ?, ?, ?, ?)', at, stack, call, urn, id);
}

export function birth(store: Store, urn: string): number {
  store.run('INSERT INTO births (urn, n) VALUES (?, 1) ON CONFLICT (urn) DO UPDATE SET n = n + 1', urn);
  return Number(store.one('SELECT n FROM births WHERE urn = ?', urn)?.['n']) - 1;
}

export function find(store: Store, key: ResourceKey): Row | undefined {
  // A provider whose region or cluster was renamed still finds what it made.
  return store.one(
    'SELECT * FROM resources WHERE stack = ? AND type = ? AND id = ? ORDER BY scope = ? DESC, key LIMIT 1',
    key.stack,
    key.type,
    key.id,
    key.scope,
  );
}

export function mustFind(store: Store, key: ResourceKey): Row {
  const row = find(store, key);
  if (!row) throw new Refusal(`${key.type} ${key.id} does not exist`);
  return row;
}

export function insert(store: Store, resource: NewResource, made: Made, births: number, at: Instant): void {
  const { stack, scope, type, urn, name } = resource;
  if (
    store.one(
      'SELECT 1 FROM resources WHERE stack = ? AND type = ? AND id = ? AND scope = ?',
      stack,
      type,
      made.id,
      scope,
    )
  ) {
    throw new Refusal(`${type} ${made.id} already exists`);
  }
  store.run(
    `INSERT INTO resources (stack, scope, type, id, urn, name, inputs, outputs, ready, births, revision, created, changed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
    ...[stack, scope, type, made.id, urn, name],
    ...[JSON.stringify(made.inputs), JSON.stringify(made.outputs), made.ready ?? null, births, at, at],
  );
  const key = store.one('SELECT last_insert_rowid() AS key')?.['key'] ?? null;
  for (const host of made.hosts) store.run('INSERT INTO hosts (host, resource) VALUES (?, ?)', host, key);
}

export function rewrite(
  store: Store,
  row: Row,
  made: Omit<Made, 'id'>,
  mark: Pick<Resource, 'revision' | 'changed'>,
): void {
  const key = row['key'] ?? null;
  store.run(
    'UPDATE resources SET inputs = ?, outputs = ?, ready = ?, revision = ?, changed = ? WHERE key = ?',
    ...[JSON.stringify(made.inputs), JSON.stringify(made.outputs), made.ready ?? null],
    ...[mark.revision, mark.changed, key],
  );
  store.run('DELETE FROM hosts WHERE resource = ?', key);
  for (const host of made.hosts) store.run('INSERT INTO hosts (host, resource) VALUES (?, ?)', host, key);
}

export function hostsOf(store: Store, row: Row): string[] {
  return store
    .all('SELECT host FROM hosts WHERE resource = ?', row['key'] ?? null)
    .map((each) => String(each['host']));
}

export function resourceOf(row: Row): Resource {
  return {
    stack: String(row['stack']),
    scope: String(row['scope']),
    type: String(row['type']),
    id: String(row['id']),
    urn: String(row['urn']),
    name: String(row['name']),
    inputs: JSON.parse(String(row['inputs'])) as { [key: string]: Wire },
    outputs: JSON.parse(String(row['outputs'])) as { [key: string]: Wire },
    ...(row['ready'] === null ? {} : { ready: Number(row['ready']) }),
    births: Number(row['births']),
    revision: Number(row['revision']),
    created: instant(Number(row['created'])),
    changed: instant(Number(row['changed'])),
  };
}

export function callOf(row: Row): Call {
  return {
    seq: Number(row['seq']),
    at: instant(Number(row['at'])),
    stack: String(row['stack']),
    call: row['call'] as Call['call'],
    urn: String(row['urn']),
    id: String(row['id']),
  };
}
