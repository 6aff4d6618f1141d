import type { Change, ChangeKind } from '../../src/core/change';
import { instant } from '../../src/core/time';
import type { Context, Engine, Failure, Operation, Result, StackState, Update } from '../../src/engine/port';

/** What a stack of the pretend cloud is. Outlives the process that drives it. */
interface CloudStack {
  contents: Record<string, string>;
  version: number;
  lastUpdate?: { deployment: string; result: 'succeeded' | 'failed'; endedAt: ReturnType<typeof instant> };
  pending: string[];
  lock?: { owner: string; own: boolean };
}

/** State of the pretend cloud: stacks are what digests they run; each component is one resource, more by `extra`. */
export class Cloud {
  readonly stacks = new Map<string, CloudStack>();
  /** Deployments whose effect took place, in order; one that stands here twice was applied twice. */
  readonly applied: string[] = [];
  /** `stack digest` → how the update fails. */
  readonly failing = new Map<string, Failure['kind']>();
  /** Digest → type of a further resource that content has. */
  readonly extra = new Map<string, string>();
  running = 0;
  mostAtOnce = 0;
  onUpdate: ((stack: string, digest: string) => void) | undefined;
  onRefresh: (() => void) | undefined;
  isReal = false;
  /** What an operation on this stack changes besides, before it and while it runs. */
  besides: (stack: string, kind: 'preview' | 'up') => readonly Change[] = () => [];
  /** So many of the next refreshes are lost with their child. */
  lostRefreshes = 0;

  stack(name: string): CloudStack {
    const known = this.stacks.get(name) ?? { contents: {}, version: 0, pending: [] };
    this.stacks.set(name, known);
    return known;
  }

  changes({ stack, components }: Operation): Change[] {
    const now = this.stack(stack).contents;
    const wanted = Object.fromEntries(components.map(({ name, digest }) => [name, digest]));
    const names = [...new Set([...Object.keys(now), ...Object.keys(wanted)])].sort();
    return names.flatMap((name) => this.changesOf(stack, name, now[name], wanted[name]));
  }

  private changesOf(
    stack: string,
    name: string,
    now: string | undefined,
    wanted: string | undefined,
  ): Change[] {
    if (now === wanted) return [];
    const kind = now === undefined ? 'create' : wanted === undefined ? 'delete' : 'update';
    const [had, has] = [this.extra.get(now ?? ''), this.extra.get(wanted ?? '')];
    return [
      change(stack, name, kind, 'aws:ec2/securityGroup:SecurityGroup', `${name}-group`),
      ...(has && has !== had ? [change(stack, name, 'create', has, `${name}-extra`)] : []),
      ...(had && has !== had ? [change(stack, name, 'delete', had, `${name}-extra`)] : []),
    ];
  }
}

export const change = (
  stack: string,
  component: string,
  kind: ChangeKind,
  type: string,
  name: string,
): Change => ({
  kind,
  urn: `urn:pulumi:${stack}::shop::shop:${component}:C$${type}::${name}`,
  type,
  name,
  properties: [],
  replaceKeys: [],
  protect: false,
  retainOnDelete: false,
});

const counts = (changes: readonly Change[]) => {
  const all = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  for (const { kind } of changes) all[kind]++;
  return all;
};

/** What one process needs to die at a chosen point. */
export interface Mortal {
  /** Throws (and never comes back) once the process is dead; `point` names a place where it can die. */
  live(point?: string): void;
}

export function engineOf(cloud: Cloud, mortal: Mortal): Engine {
  const no = (kind: Failure['kind'], message: string): Result<never> => ({
    ok: false,
    failure: { kind, message, diagnostics: [] },
  });
  const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

  async function up(operation: Operation, { signal }: Context): Promise<Result<Update>> {
    mortal.live();
    const { stack, deployment } = operation;
    const state = cloud.stack(stack);
    if (state.lock) return no('locked', `the stack is locked by ${state.lock.owner}`);
    if (signal.aborted) return no('cancelled', 'cancelled');
    cloud.running++;
    cloud.mostAtOnce = Math.max(cloud.mostAtOnce, cloud.running);
    state.lock = { owner: 'driver', own: true };
    state.pending = [`creating urn of ${stack}`];
    await breath();
    try {
      mortal.live(`in the middle of ${deployment}`);
    } finally {
      cloud.running--;
    }
    const digest = operation.components.find(({ name }) => name === 'web')?.digest ?? '';
    const failing = cloud.failing.get(`${stack} ${digest}`);
    delete state.lock;
    state.pending = [];
    cloud.applied.push(deployment);
    const changes = [...cloud.changes(operation), ...cloud.besides(stack, 'up')];
    if (failing !== 'failed') {
      state.contents = Object.fromEntries(operation.components.map(({ name, digest: tree }) => [name, tree]));
    }
    state.version++;
    const result = failing === 'failed' ? 'failed' : 'succeeded';
    state.lastUpdate = { deployment, result, endedAt: instant(0) };
    cloud.onUpdate?.(stack, digest);
    mortal.live(`after the effect of ${deployment}`);
    if (failing === 'lost') {
      cloud.failing.delete(`${stack} ${digest}`);
      return no('lost', 'the answer was lost');
    }
    if (failing) return no(failing, `${failing}: BucketAlreadyExists`);
    return {
      ok: true,
      value: {
        changes,
        counts: counts(changes),
        outputs: outputs(operation),
        stateVersion: `${state.version}`,
        diagnostics: [],
      },
    };
  }

  const outputs = ({ stack }: Pick<Operation, 'stack'>) => ({
    stack,
    web: cloud.stack(stack).contents['web'] ?? '',
  });

  return {
    kind: 'embedded',
    cloud: cloud.isReal ? 'real' : 'sandbox',
    title: 'pretend engine',
    async preview(operation) {
      mortal.live();
      const changes = [...cloud.changes(operation), ...cloud.besides(operation.stack, 'preview')];
      const { version } = cloud.stack(operation.stack);
      return {
        ok: true,
        value: { changes, counts: counts(changes), stateVersion: `${version}`, diagnostics: [] },
      };
    },
    up,
    async refresh(operation) {
      mortal.live();
      cloud.onRefresh?.();
      if (cloud.lostRefreshes-- > 0) return no('lost', 'the child died');
      const state = cloud.stack(operation.stack);
      state.pending = [];
      state.version++;
      state.lastUpdate = { deployment: operation.deployment, result: 'succeeded', endedAt: instant(0) };
      return {
        ok: true,
        value: {
          changes: [],
          counts: counts([]),
          outputs: {},
          stateVersion: `${state.version}`,
          diagnostics: [],
        },
      };
    },
    async destroy() {
      return no('failed', 'not here');
    },
    async read(stack) {
      mortal.live();
      const state = cloud.stack(stack);
      const { lastUpdate, lock, pending, version } = state;
      const value: StackState = {
        outputs: outputs({ stack }),
        stateVersion: `${version}`,
        resources: 1,
        pending,
        ...(lastUpdate ? { lastUpdate } : {}),
        ...(lock ? { lock: { ...lock, since: instant(0) } } : {}),
      };
      return { ok: true, value };
    },
    async unlock(stack) {
      mortal.live();
      if (cloud.stack(stack).lock?.own) delete cloud.stack(stack).lock;
      return { ok: true, value: undefined };
    },
    async close() {},
  };
}
