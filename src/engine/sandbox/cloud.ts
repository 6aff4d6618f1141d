import type { Clock } from '../../clock';
import type { Fault } from '../../core/project';
import type { Instant } from '../../core/time';
import { openClock } from './clock';
import { drifted } from './drift';
import { admitted, befalling, type Effect, type Faults, type Target } from './fault';
import {
  type Call,
  type Made,
  type NewResource,
  Refusal,
  type Resource,
  type ResourceKey,
  ResponseLost,
} from './resource';
import {
  birth,
  callOf,
  count,
  find,
  hostsOf,
  insert,
  mustFind,
  note,
  noted,
  renote,
  resourceOf,
  rewrite,
} from './rows';
import { openStore, type Store } from './store';

/** Ids and generated names follow from the seed, too. */
export interface CloudSettings extends Faults {
  /** Sandbox seconds in one real second; the file's own where none is given. */
  readonly timeScale?: number;
  /** Wall time in milliseconds since 1970, for tests. */
  readonly wall?: () => number;
}

/** The pretend cloud: one file, any number of processes. Every change is one transaction. Methods throw Refusals. */
export interface Cloud {
  readonly settings: CloudSettings;
  readonly clock: Clock;
  /** `make` is told how many resources had this URN before, and the time. */
  create(resource: NewResource, target: Target, make: (births: number, at: Instant) => Made): Made;
  update(key: ResourceKey, target: Target, make: (resource: Resource) => Made): Made;
  remove(key: ResourceKey, target: Target): void;
  get(key: ResourceKey): Resource | undefined;
  /** As `get`, but for a read by its provider: what a fault says was changed by hand has then happened. */
  look(key: ResourceKey, target: Target): Resource | undefined;
  /**
   * Whether all of these faults let one more call pass; notes one that is refused for being too many. `on` is a URN or a
   * function's token.
   */
  admit(faults: readonly Fault[], stack: string, on: string): boolean;
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
  /** Every effect, refused attempt and drift there ever was, in order. */
  log(): Call[];
  close(): void;
}

/** Opens the sandbox's file, creating it where there is none. Throws where the file is not a sandbox of this version. */
export function openCloud(file: string, settings: CloudSettings): Cloud {
  const store = openStore(file);
  const clock = openClock(store, settings.timeScale);
  const effect = <T>(call: Effect, target: Target, work: () => { urn: string; id: string; result: T }): T => {
    const verdict = store.transact((): { result: T } | { error: Error } => {
      const refused = play(store, settings, call, target);
      if (refused?.kind === 'fail') return { error: new Refusal(refused.message) };
      const { urn, id, result } = work();
      note(store, { at: clock.now(), stack: target.stack, call, urn, id });
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
        rewrite(store, row, made, { revision: resource.revision + 1, changed: clock.now() });
        return { urn: resource.urn, id: key.id, result: made };
      }),
    remove: (key, target) =>
      effect('delete', target, () => {
        const row = mustFind(store, key);
        store.run('DELETE FROM resources WHERE key = ?', row['key'] ?? null);
        return { urn: String(row['urn']), id: key.id, result: undefined };
      }),
    get: (key) => {
      const row = find(store, key);
      return row && resourceOf(row);
    },
    look(key, target) {
      const drifts = befalling(settings, target).filter(({ drift }) => drift !== undefined);
      const read = (): Resource | undefined => {
        const row = find(store, key);
        return row && resourceOf(row);
      };
      if (drifts.length === 0) return read();
      return store.transact(() => {
        for (const fault of drifts) befall(store, clock, fault, key);
        return read();
      });
    },
    admit(faults, stack, on) {
      const limits = faults.flatMap((fault) => (fault.throttle ? [[fault, fault.throttle] as const] : []));
      if (limits.length === 0) return true;
      return store.transact(() => {
        const now = (settings.wall ?? Date.now)();
        const passed = limits.map(([fault, throttle]) => {
          const key = JSON.stringify(['throttle', fault]);
          return { key, next: admitted(throttle, noted(store, key), now) };
        });
        // A call that one of them refuses counts with none.
        const isAdmitted = passed.every(({ next }) => next !== undefined);
        if (isAdmitted) for (const { key, next } of passed) renote(store, key, next ?? 0);
        else note(store, { at: clock.now(), stack, call: 'throttled', urn: on, id: '' });
        return isAdmitted;
      });
    },
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
        rewrite(store, row, { ...resource, hosts: hostsOf(store, row), ...change(resource) }, resource);
      });
    },
    log: () => store.all('SELECT * FROM calls ORDER BY seq').map(callOf),
    close: () => store.close(),
  };
}

/** Once for each resource that ever was; an update puts right what it sets. */
function befall(store: Store, clock: Clock, fault: Fault, key: ResourceKey): void {
  const row = find(store, key);
  if (!row || !fault.drift) return;
  const resource = resourceOf(row);
  const { stack, urn, id, births } = resource;
  if (count(store, JSON.stringify(['drift', fault, stack, urn, id, births])) > 1) return;
  const changed = drifted(resource, fault.drift);
  rewrite(store, row, { ...resource, hosts: hostsOf(store, row), ...changed }, resource);
  note(store, { at: clock.now(), stack, call: 'drifted', urn, id });
}

const LOST = 'the connection was lost after the request had been sent';

/** The first fault that befalls this call; all that match count it, so that `nth` means the n-th call ever. */
function play(
  store: Store,
  settings: Faults,
  call: Effect,
  target: Target,
): { kind: 'fail' | 'lost'; message: string } | undefined {
  let befallen: { kind: 'fail' | 'lost'; message: string } | undefined;
  const isMeant = (rule: { call: Effect; nth?: number } | undefined, counted: unknown): boolean =>
    rule?.call === call && (rule.nth === undefined || count(store, JSON.stringify(counted)) === rule.nth);
  for (const fault of befalling(settings, target)) {
    const { fail, responseLost } = fault;
    if (fail && isMeant(fail, ['fail', fault])) befallen ??= { kind: 'fail', message: fail.message };
    if (isMeant(responseLost, ['lost', fault])) befallen ??= { kind: 'lost', message: LOST };
  }
  return befallen;
}
