import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Project } from '../../core/project';
import type { Context, Engine, Operation, Preview, Result, StackState, Update } from '../port';
import { childEnvironment } from './environment';
import { type ChildSettings, failed, type OperationKind } from './message';
import { Pool } from './pool';
import { stacksReferred } from './referred';
import { Runs } from './runs';
import { FileState } from './state';

/** How long a child of a dead driver may take to save and go. */
const ORPHAN_WAIT = 40_000;

export interface EngineOptions {
  readonly root: string;
  readonly project: Project;
  /** The resolved CLI, where the project's engine is `pulumi`. */
  readonly cli?: { readonly command: string; readonly version: string };
}

/** The Automation API in forked children, over the embedded engine or the real CLI. */
export function automationEngine({ root, project, cli }: EngineOptions): Engine {
  const { kind } = project.engine;
  const backend = project.engine.backend ?? pathToFileURL(join(root, '.signalbox', 'state')).href;
  const runs = new Runs(join(root, '.signalbox', 'runs'));
  const state = new FileState(backend, project.name, runs);
  const settings: ChildSettings = {
    root,
    kind,
    backend,
    ...(cli ? cli : {}),
    ...(kind === 'embedded'
      ? {
          sandbox: {
            file: join(root, '.signalbox', 'sandbox', 'cloud.db'),
            seed: project.sandbox.seed,
            faults: project.sandbox.faults,
          },
        }
      : {}),
  };
  const pool = new Pool(
    settings,
    project.engine.parallel ?? (kind === 'embedded' ? availableParallelism() : 8),
    childEnvironment(project),
  );
  const oneAtATime = new Map<string, Promise<unknown>>();

  /** Two operations on one stack never overlap: they share its lock, its mount and its history. */
  const run = <T>(stack: string, work: () => Promise<T>): Promise<T> => {
    const before = oneAtATime.get(stack) ?? Promise.resolve();
    const mine = before.then(work, work);
    oneAtATime.set(
      stack,
      mine.catch(() => {}),
    );
    return mine;
  };
  const job = async (
    jobKind: OperationKind,
    operation: Operation,
    context: Context,
  ): Promise<Result<Preview & Update>> => {
    state.ensure(operation.stack);
    const absent = stacksReferred(operation).filter((stack) => !state.read(stack)?.resources);
    const result = await pool.run({ kind: jobKind, operation, absent }, context);
    if (!result.ok) return result;
    return {
      ok: true,
      value: {
        ...(result.value as Preview & Update),
        stateVersion: state.read(operation.stack)?.stateVersion ?? '',
      },
    };
  };
  const unlock = async (stack: string): Promise<Result<void>> => {
    const until = Date.now() + ORPHAN_WAIT;
    for (;;) {
      if (state.unlock(stack)) return { ok: true, value: undefined };
      const lock = state.read(stack)?.lock;
      if (!lock?.own || Date.now() > until)
        return failed({
          kind: 'locked',
          message: lock
            ? `${stack} is locked by ${lock.owner} since ${new Date(lock.since).toISOString()}`
            : `${stack} is locked by somebody`,
          diagnostics: [],
        });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  /** Before an update: our own dead lock goes, pending operations are settled where the cloud remembers, else refused. */
  const settle = async (operation: Operation, context: Context): Promise<Result<void>> => {
    const seen = state.read(operation.stack);
    if (seen?.lock) {
      const unlocked = await unlock(operation.stack);
      if (!unlocked.ok) return unlocked;
    }
    if (!seen || seen.pending.length === 0) return { ok: true, value: undefined };
    if (kind === 'embedded') {
      const refreshed = await job('refresh', operation, context);
      if (!refreshed.ok) return refreshed;
    }
    const left = state.read(operation.stack)?.pending ?? [];
    if (left.length === 0) return { ok: true, value: undefined };
    return failed({
      kind: 'pending',
      message: `an earlier run left operations open: ${left.join(', ')}`,
      diagnostics: [],
    });
  };
  const change = (jobKind: OperationKind) => (operation: Operation, context: Context) =>
    run(operation.stack, async (): Promise<Result<Update>> => {
      const settled = await settle(operation, context);
      return settled.ok ? job(jobKind, operation, context) : settled;
    });

  return {
    kind,
    cloud: kind === 'embedded' ? 'sandbox' : 'real',
    title:
      kind === 'embedded' ? 'embedded engine, sandbox cloud' : `pulumi ${cli?.version ?? ''}, real cloud`,
    preview: (operation, context) => run(operation.stack, () => job('preview', operation, context)),
    up: change('up'),
    refresh: (operation, context) =>
      run(operation.stack, async () => {
        const unlocked = state.read(operation.stack)?.lock ? await unlock(operation.stack) : undefined;
        return unlocked && !unlocked.ok ? unlocked : job('refresh', operation, context);
      }),
    destroy: change('destroy'),
    async read(stack): Promise<Result<StackState | undefined>> {
      return { ok: true, value: state.read(stack) };
    },
    unlock,
    close: () => pool.close(),
  };
}
