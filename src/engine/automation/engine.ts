import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cloudOf, type Project } from '../../core/project';
import { redact } from '../../core/redact';
import type { Context, Engine, Failure, Operation, Preview, Result, StackState, Update } from '../port';
import { sandboxAccess } from '../sandbox/access';
import { backendOf, openStates } from './backend';
import { childEnvironment } from './environment';
import { keep } from './kept';
import { type ChildSettings, failed, type Job, type OperationKind } from './message';
import { Places } from './places';
import { CANCELLED, Pool } from './pool';
import { stacksReferred } from './referred';
import { Runs } from './runs';
import { missingStackFile } from './stack-file';
import type { VariablesOf } from './variables';

/** How long a child of a dead driver may take to save and go. */
const ORPHAN_WAIT = 40_000;

export interface EngineOptions {
  readonly root: string;
  readonly project: Project;
  /** The resolved CLI, where the project's engine is `pulumi`. */
  readonly cli?: { readonly command: string; readonly version: string };
  /** Where the CLI finds the sandbox's providers: the value of `PULUMI_DEBUG_PROVIDERS`. */
  readonly attach?: string;
  /** Variables of an environment block, for backends that only the CLI reads. */
  readonly variables?: VariablesOf;
}

/** How many operations run at once: on the sandbox the processors are what they wait for, on a real cloud its answers. */
export const parallelOf = ({ engine }: Project): number =>
  engine.parallel ?? (cloudOf(engine) === 'sandbox' ? availableParallelism() : 8);

/** The Automation API in forked children, over the embedded engine or the real CLI. */
export function automationEngine(options: EngineOptions): Engine {
  const { root, project, cli, attach } = options;
  const { kind } = project.engine;
  const cloud = cloudOf(project.engine);
  const backend = backendOf(root, project);
  const runs = new Runs(join(root, '.signalbox', 'runs'));
  const environment = childEnvironment(project, { attach });
  const state = openStates(options, { backend, runs, environment });
  const sandbox = cloud === 'sandbox' ? sandboxAccess(root, project) : undefined;
  const settings: ChildSettings = {
    root,
    kind,
    cloud,
    backend,
    ...(cli ? cli : {}),
    ...(kind === 'embedded' && sandbox ? { sandbox } : {}),
  };
  const pool = new Pool(settings, { size: parallelOf(project), environment, isApart: cloud === 'real' });
  const oneAtATime = new Map<string, Promise<unknown>>();

  const places = new Places(root, project);

  /** Two operations on one stack never overlap: they share its lock, its mount and its history. */
  const run = <T>(stack: string, context: Context, work: () => Promise<Result<T>>): Promise<Result<T>> => {
    const inPlace = async (): Promise<Result<T>> => {
      const leave = await places.take(stack, context);
      return leave ? work().finally(leave) : failed(CANCELLED);
    };
    const before = oneAtATime.get(stack) ?? Promise.resolve();
    const mine = before.then(inPlace, inPlace);
    oneAtATime.set(
      stack,
      mine.catch(() => {}),
    );
    return mine;
  };
  const read = async (stack: string): Promise<Result<StackState | undefined>> => {
    try {
      return { ok: true, value: await state.read(stack) };
    } catch (error) {
      return unreadable(error);
    }
  };
  /** What an operation that was stopped leaves behind, as its state tells. */
  const withRemains = async (stack: string, failure: Failure): Promise<Failure> => {
    const seen = await read(stack);
    if (!seen.ok) return { ...failure, message: `${failure.message}; ${seen.failure.message}` };
    const { lock, pending = [] } = seen.value ?? {};
    const left = [...(lock ? [`the lock of ${lock.owner}`] : []), ...pending];
    return left.length === 0
      ? failure
      : { ...failure, message: `${failure.message}; it leaves behind: ${left.join(', ')}` };
  };
  let settling: Pool | undefined;
  /**
   * Where an operation runs. The real CLI can only forget which creations a killed run left open; on the sandbox the embedded
   * engine, on the same state where that lies in files, asks the cloud what became of them.
   */
  const poolFor = async (jobKind: OperationKind, stack: string): Promise<Pool> => {
    if (jobKind !== 'refresh' || kind === 'embedded' || !sandbox || !backend.startsWith('file://'))
      return pool;
    if (!(await state.read(stack))?.pending.length) return pool;
    settling ??= new Pool(
      { root, kind: 'embedded', cloud, backend, sandbox },
      {
        size: 1,
        // Served providers cannot be asked what they remember; the sandbox in the process can.
        environment: { ...environment, PULUMI_DEBUG_PROVIDERS: undefined },
      },
    );
    return settling;
  };
  const job = async (
    jobKind: OperationKind,
    operation: Operation,
    context: Context,
    look: Pick<Job, 'isRefreshed'> = {},
  ): Promise<Result<Preview & Update>> => {
    const { stack } = operation;
    try {
      const missing = kind === 'pulumi' ? await missingStackFile(root, stack) : undefined;
      if (missing !== undefined) return failed(noStackFile(stack, missing));
      await state.ensure(stack);
      const absent: string[] = [];
      for (const other of stacksReferred(operation))
        if (!(await state.read(other))?.resources) absent.push(other);
      const place = await poolFor(jobKind, stack);
      const result = await place.run({ kind: jobKind, operation, absent, ...look }, context);
      if (!result.ok) {
        if (result.failure.kind === 'locked') state.refused?.(stack, result.failure.message);
        const isCutShort = context.signal.aborted && jobKind !== 'preview';
        return isCutShort ? failed(await withRemains(stack, result.failure)) : result;
      }
      const { stateVersion = '', pending = [] } = (await state.read(stack)) ?? {};
      const open = pending.length === 0 ? {} : { pending };
      return { ok: true, value: { ...(result.value as Preview & Update), stateVersion, ...open } };
    } catch (error) {
      return unreadable(error);
    }
  };
  const unlock = async (stack: string): Promise<Result<void>> => {
    const until = Date.now() + ORPHAN_WAIT;
    for (;;) {
      if (await state.unlock(stack)) return { ok: true, value: undefined };
      const seen = await read(stack);
      if (!seen.ok) return seen;
      const lock = seen.value?.lock;
      if (!lock?.own || Date.now() > until) return failed(lockedBy(stack, lock));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  /** Before an update: our own dead lock goes, pending operations are settled where the cloud remembers, else refused. */
  const settle = async (operation: Operation, context: Context): Promise<Result<void>> => {
    const { stack } = operation;
    const seen = await read(stack);
    if (!seen.ok) return seen;
    if (seen.value?.lock) {
      const unlocked = await unlock(stack);
      if (!unlocked.ok) return unlocked;
    }
    if (!seen.value || seen.value.pending.length === 0) return { ok: true, value: undefined };
    if (cloud === 'sandbox') {
      const refreshed = await job('refresh', operation, context);
      if (!refreshed.ok) return refreshed;
    }
    const after = await read(stack);
    if (!after.ok) return after;
    const left = after.value?.pending ?? [];
    if (left.length === 0) return { ok: true, value: undefined };
    return failed({
      kind: 'pending',
      message: `an earlier run left operations open: ${left.join(', ')}`,
      diagnostics: [],
    });
  };
  const change = (jobKind: OperationKind) => (operation: Operation, context: Context) =>
    run(operation.stack, context, async (): Promise<Result<Update>> => {
      const settled = await settle(operation, context);
      if (!settled.ok) return settled;
      const result = await job(jobKind, operation, context);
      if (result.ok && jobKind === 'up') keep(root, operation);
      return result;
    });

  return {
    kind,
    cloud,
    title: `${kind === 'embedded' ? 'embedded engine' : `pulumi ${cli?.version ?? ''}`}, ${cloud} cloud`,
    preview: (operation, context, look) =>
      run(operation.stack, context, () => job('preview', operation, context, look)),
    up: change('up'),
    refresh: (operation, context) =>
      run(operation.stack, context, async () => {
        const seen = await read(operation.stack);
        if (!seen.ok) return seen;
        const unlocked = seen.value?.lock ? await unlock(operation.stack) : undefined;
        return unlocked && !unlocked.ok ? unlocked : job('refresh', operation, context);
      }),
    destroy: change('destroy'),
    read,
    unlock,
    async close() {
      await Promise.all([pool.close(), settling?.close()]);
    },
  };
}

const unreadable = (error: unknown): ReturnType<typeof failed> =>
  failed({
    kind: 'failed',
    message: redact(error instanceof Error ? error.message : String(error)),
    diagnostics: [],
  });

const noStackFile = (stack: string, path: string): Failure => ({
  kind: 'failed',
  message: `${path} is missing: it holds the configuration and the salt of ${stack} (git restore ${path}, or pulumi stack init ${stack})`,
  diagnostics: [],
});

const lockedBy = (stack: string, lock: StackState['lock']): Failure => ({
  kind: 'locked',
  message: lock
    ? `${stack} is locked by ${lock.owner} since ${new Date(lock.since).toISOString()}`
    : `${stack} is locked by somebody`,
  diagnostics: [],
});
