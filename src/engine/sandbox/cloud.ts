import type { Clock } from '../../clock';
import type { Fault } from '../../core/project';
import { type Instant, instant } from '../../core/time';
import type { Wire, WireObject } from '../embedded/provider';
import { openClock } from './clock';
import { type Effect, matches, type Target } from './fault';
import { openStore, type Row, type Store } from './store';

export interface CloudSettings {
  /** Ids and generated names follow from it. */
  readonly seed: string;
  readonly faults: readonly Fault[];
  /** Sandbox seconds in one real second; the file's own where none is given. */
  readonly timeScale?: number;
}

/** Where a resource lives: `scope` is the region or cluster within the stack's account. */
export interface Place {
  readonly stack: string;
  readonly scope: string;
}

export interface Resource extends Place {
  readonly type: string;
  readonly id: string;
  readonly urn: string;
  readonly name: string;
  /** Secrets are not stored: they are a secret without a value. */
  readonly inputs: WireObject;
  readonly outputs: WireObject;
  /** Pods that are ready; undefined for what is no workload. */
  readonly ready?: number;
  /** How many resources had its URN before it. */
  readonly births: number;
  /** 1 when created, one more with each update. */
  readonly revision: number;
  readonly created: Instant;
}

/** What a create or update makes of a resource. */
export interface Made {
  readonly id: string;
  readonly inputs: WireObject;
  readonly outputs: WireObject;
  readonly ready?: number;
  /** DNS names it answers to. */
  readonly hosts: readonly string[];
}

export interface NewResource extends Place {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
}

/** One effect on the cloud. */
export interface Call {
  readonly seq: number;
  readonly at: Instant;
  readonly stack: string;
  readonly call: Effect;
  readonly urn: string;
  readonly id: string;
}

/** The cloud refused; nothing was changed. */
export class Refusal extends Error {}

/** The cloud did what was asked, but its answer never arrived. */
export class ResponseLost extends Error {}

/** The pretend cloud: one file, any number of processes. Every change is one transaction. Methods throw Refusals. */
export interface Cloud {
  readonly settings: CloudSettings;
  readonly clock: Clock;
  /** `make` is told how many resources had this URN before, and the time. */
  create(resource: NewResource, target: Target, make: (births: number, at: Instant) => Made): Made;
  update(key: ResourceKey, target: Target, make: (resource: Resource) => Made): Made;
  remove(key: ResourceKey, target: Target): void;
  get(key: ResourceKey): Resource | undefined;
  /** Live resources that were created under a URN, the oldest first. */
  born(urn: string): Resource[];
  /** Live resources of a type, in one stack or in all. */
  ofType(type: string, stack?: string): Resource[];
  /** Live resources that answer to a DNS name, the newest first. */
  answering(host: string): Resource[];
  /** Drift: changes a live resource behind the engine's back. */
  drift(
    urn: string,
    change: (resource: Resource) => Partial<Pick<Made, 'inputs' | 'outputs' | 'ready'>>,
  ): void;
  /** Every effect there ever was, in order. */
  log(): Call[];
  close(): void;
}

export interface ResourceKey extends Place {
  readonly type: string;
  readonly id: string;
}

/** Opens the sandbox's file, creating it where there is none. Throws where the file is not a sandbox of this version. */
export function openCloud(file: string, settings: CloudSettings): Cloud {
  const store = openStore(file);
  const clock = openClock(store, settings.timeScale);
  const effect = <T>(call: Effect, target: Target, work: () => { urn: string; id: string; result: T }): T => {
    const verdict = store.transact((): { result: T } | { error: Error } => {
      const refused = play(store, settings.faults, call, target);
      if (refused?.kind === 'fail') return { error: new Refusal(refused.message) };
      const { urn, id, result } = work();
      store.run(
        'INSERT INTO calls (at, stack, call, urn, id) VALUES (?, ?, ?, ?, ?)',
        clock.now(),
        target.stack,
        call,
        urn,
        id,
      );
      return refused ? { error: new ResponseLost(refused.message) } : { result };
    });
    if ('error' in verdict) throw verdict.error;
    return verdict.result;
  };
  return {
    settings,
    clock,
    create: (resource, target, make) =>
      effect('create', target, () => {
        const births = birth(store, resource.urn);
        const at = clock.now();
        const made = make(births, at);
        insert(store, resource, made, births, at);
        return { urn: resource.urn, id: made.id, result: made };
      }),
    update: (key, target, make) =>
      effect('update', target, () => {
        const row = mustFind(store, key);
        const resource = resourceOf(row);
        const made = make(resource);
        rewrite(store, row, made, resource.revision + 1);
        return { urn: resource.urn, id: key.id, result: made };
      }),
    remove: (key, target) =>
      effect('delete', target, () => {
        const row = mustFind(store, key);
        store.run('DELETE FROM resources WHERE key = ?', row['key'] ?? null);
        return { urn: String(row['urn']), id: key.id, result: undefined };
      }),
    get: (key) => optional(find(store, key)),
    born: (urn) => store.all('SELECT * FROM resources WHERE urn = ? ORDER BY key', urn).map(resourceOf),
    ofType: (type, stack) =>
      (stack === undefined
        ? store.all('SELECT * FROM resources WHERE type = ? ORDER BY key', type)
        : store.all('SELECT * FROM resources WHERE stack = ? AND type = ? ORDER BY key', stack, type)
      ).map(resourceOf),
    answering: (host) =>
      store
        .all(
          'SELECT r.* FROM hosts h JOIN resources r ON r.key = h.resource WHERE h.host = ? ORDER BY r.key DESC',
          host,
        )
        .map(resourceOf),
    drift(urn, change) {
      store.transact(() => {
        const row = store.one('SELECT * FROM resources WHERE urn = ? ORDER BY key DESC', urn);
        if (!row) throw new Refusal(`nothing lives under ${urn}`);
        const resource = resourceOf(row);
        rewrite(
          store,
          row,
          { ...resource, hosts: hostsOf(store, row), ...change(resource) },
          resource.revision,
        );
      });
    },
    log: () => store.all('SELECT * FROM calls ORDER BY seq').map(callOf),
    close: () => store.close(),
  };
}

const LOST = 'the connection was lost after the request had been sent';

/** The first fault that befalls this call; all that match count it, so that `nth` means the n-th call ever. */
function play(
  store: Store,
  faults: readonly Fault[],
  call: Effect,
  target: Target,
): { kind: 'fail' | 'lost'; message: string } | undefined {
  let befallen: { kind: 'fail' | 'lost'; message: string } | undefined;
  const isMeant = (rule: { call: Effect; nth?: number } | undefined, counted: unknown): boolean =>
    rule?.call === call && (rule.nth === undefined || count(store, JSON.stringify(counted)) === rule.nth);
  for (const fault of faults) {
    if (!matches(fault, target)) continue;
    const { fail, responseLost } = fault;
    if (fail && isMeant(fail, ['fail', fault])) befallen ??= { kind: 'fail', message: fail.message };
    if (isMeant(responseLost, ['lost', fault])) befallen ??= { kind: 'lost', message: LOST };
  }
  return befallen;
}

function count(store: Store, fault: string): number {
  store.run('INSERT INTO faults (fault, n) VALUES (?, 1) ON CONFLICT (fault) DO UPDATE SET n = n + 1', fault);
  return Number(store.one('SELECT n FROM faults WHERE fault = ?', fault)?.['n']);
}

function birth(store: Store, urn: string): number {
  store.run('INSERT INTO births (urn, n) VALUES (?, 1) ON CONFLICT (urn) DO UPDATE SET n = n + 1', urn);
  return Number(store.one('SELECT n FROM births WHERE urn = ?', urn)?.['n']) - 1;
}

function find(store: Store, key: ResourceKey): Row | undefined {
  // A provider whose region or cluster was renamed still finds what it made.
  return store.one(
    'SELECT * FROM resources WHERE stack = ? AND type = ? AND id = ? ORDER BY scope = ? DESC, key LIMIT 1',
    key.stack,
    key.type,
    key.id,
    key.scope,
  );
}

function mustFind(store: Store, key: ResourceKey): Row {
  const row = find(store, key);
  if (!row) throw new Refusal(`${key.type} ${key.id} does not exist`);
  return row;
}

function insert(store: Store, resource: NewResource, made: Made, births: number, at: Instant): void {
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
    `INSERT INTO resources (stack, scope, type, id, urn, name, inputs, outputs, ready, births, revision, created)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
    ...[stack, scope, type, made.id, urn, name],
    ...[JSON.stringify(made.inputs), JSON.stringify(made.outputs), made.ready ?? null, births, at],
  );
  const key = store.one('SELECT last_insert_rowid() AS key')?.['key'] ?? null;
  for (const host of made.hosts) store.run('INSERT INTO hosts (host, resource) VALUES (?, ?)', host, key);
}

function rewrite(store: Store, row: Row, made: Omit<Made, 'id'>, revision: number): void {
  const key = row['key'] ?? null;
  store.run(
    'UPDATE resources SET inputs = ?, outputs = ?, ready = ?, revision = ? WHERE key = ?',
    ...[JSON.stringify(made.inputs), JSON.stringify(made.outputs), made.ready ?? null, revision, key],
  );
  store.run('DELETE FROM hosts WHERE resource = ?', key);
  for (const host of made.hosts) store.run('INSERT INTO hosts (host, resource) VALUES (?, ?)', host, key);
}

function hostsOf(store: Store, row: Row): string[] {
  return store
    .all('SELECT host FROM hosts WHERE resource = ?', row['key'] ?? null)
    .map((each) => String(each['host']));
}

function optional(row: Row | undefined): Resource | undefined {
  return row && resourceOf(row);
}

function resourceOf(row: Row): Resource {
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
  };
}

function callOf(row: Row): Call {
  return {
    seq: Number(row['seq']),
    at: instant(Number(row['at'])),
    stack: String(row['stack']),
    call: row['call'] as Effect,
    urn: String(row['urn']),
    id: String(row['id']),
  };
}
