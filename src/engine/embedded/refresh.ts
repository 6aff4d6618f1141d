import type { DeploymentRequest } from './deployment';
import { Executor } from './executor';
import { callOf } from './instance';
import { tidy } from './journal';
import { DependencyGraph } from './order';
import type { PendingOperation, ResourceState } from './resource';
import { ensureProvider, type Run, refuseMissing } from './run';
import type { Step } from './step';
import type { Ending } from './update';
import { parseReference } from './urn';

/** A refresh, or the one that comes before another operation. */
export async function refreshFirst(run: Run, request: DeploymentRequest): Promise<Ending> {
  await adoptLost(run, request.clearPendingCreates === true);
  if (run.base.length > 0) {
    refuseMissing(run, run.selection.targets);
    refuseMissing(run, run.selection.excludes);
  }
  const { counts, maybeCorrupt, failure } = await refreshAll(run, request.parallel);
  const isCancelled = request.signal.aborted;
  if (!failure && !isCancelled) return { counts, maybeCorrupt };
  const error = `${run.isDry ? 'preview' : 'update'} ${failure ? 'failed' : 'canceled'}`;
  run.emitter.error(error);
  return { counts, maybeCorrupt, error, isCancelled };
}

/** Reads every chosen resource and takes what it finds as the new state. Returns the executor for its counts and failure. */
async function refreshAll(run: Run, parallel: number): Promise<Executor> {
  const executor = new Executor(run, { parallel, ignoreErrors: true });
  const steps = new Map<ResourceState, Step>();
  for (const old of chosen(run)) {
    await ensureProvider(run, old.provider);
    steps.set(old, { op: 'refresh', old, new: old });
  }
  await executor.runAll([...steps.values()]);
  executor.close();
  const resources = rebuilt(run.base, steps);
  run.base = resources;
  run.olds = new Map(resources.filter((old) => !old.delete).map((old) => [old.urn, old]));
  run.graph = new DependencyGraph(resources);
  if (!run.isDry) await run.journal.rebase(resources);
  return executor;
}

function chosen({ base, selection }: Run): readonly ResourceState[] {
  const { targets, targetDependents, excludes, excludeDependents } = selection;
  const growing = (excludes.isConstrained ? excludes : targets).growing();
  const carries = (state: ResourceState): boolean => {
    const isCarried = growing.carries(state, false);
    if (isCarried) growing.add(state.urn);
    return isCarried;
  };
  if (excludes.isConstrained) {
    return base.filter((state) => !growing.has(state.urn) && !(excludeDependents && carries(state)));
  }
  if (!targets.isConstrained) return base;
  return base.filter((state) => growing.has(state.urn) || (targetDependents && carries(state)));
}

/** What is left, without mention of what is gone. */
function rebuilt(base: readonly ResourceState[], steps: ReadonlyMap<ResourceState, Step>): ResourceState[] {
  const present = new Set<string>();
  const resources: ResourceState[] = [];
  for (const old of base) {
    const step = steps.get(old);
    const state = step?.refreshed ? step.new : old;
    if (state) {
      resources.push(withoutGone(state, present));
      present.add(state.urn);
    }
  }
  for (const state of resources) {
    // Like the real engine, which loses the place of a gone parent before it looks for the grandparent.
    if (state.parent && !present.has(state.parent)) state.parent = '';
  }
  return resources.map(tidy);
}

function withoutGone(state: ResourceState, present: ReadonlySet<string>): ResourceState {
  const kept = { ...state };
  const isPresent = (urn: string) => present.has(urn);
  if (kept.dependencies) kept.dependencies = kept.dependencies.filter(isPresent);
  if (kept.replaceWith) kept.replaceWith = kept.replaceWith.filter(isPresent);
  if (kept.deletedWith && !isPresent(kept.deletedWith)) kept.deletedWith = '';
  if (kept.propertyDependencies) {
    kept.propertyDependencies = Object.fromEntries(
      Object.entries(kept.propertyDependencies)
        .map(([key, urns]) => [key, urns.filter(isPresent)] as const)
        .filter(([, urns]) => urns.length > 0),
    );
  }
  return kept;
}

/**
 * What became of creations whose answer was lost. Where the cloud remembers, the resource is taken into the state or the
 * note is dropped; where it does not, the note stays until somebody has looked; like the real CLI, a refresh says no word of it.
 * Of a replacement, the state is what it would be had the answer come: the next update goes on with what was made.
 */
export async function adoptLost(run: Run, isClearing: boolean): Promise<void> {
  const { lost } = run.journal;
  if (lost.length === 0) return;
  const kept: PendingOperation[] = [];
  const adopted: ResourceState[] = [];
  const taken = new Set(run.base.map((state) => `${state.type} ${state.id ?? ''}`));
  for (const operation of lost) {
    const fate = isClearing ? 'gone' : await lookUp(run, operation, taken);
    if (fate === 'unknown') kept.push(operation);
    else if (fate !== 'gone') adopted.push(fate);
  }
  run.journal.lost = kept;
  if (adopted.length === 0) return;
  const replaced = new Set<ResourceState>();
  for (const state of adopted) {
    const old = run.olds.get(state.urn);
    if (old?.pendingReplacement) replaced.add(old);
    else if (old) old.delete = true;
    run.olds.set(state.urn, state);
  }
  run.base = [...run.base.filter((state) => !replaced.has(state)), ...adopted];
}

async function lookUp(
  run: Run,
  { resource }: PendingOperation,
  taken: Set<string>,
): Promise<ResourceState | 'gone' | 'unknown'> {
  if (!resource.custom) return 'gone';
  if (!resource.provider) return 'unknown';
  await ensureProvider(run, resource.provider);
  const provider = run.registry.get(parseReference(resource.provider))?.provider;
  if (!provider?.find) return 'unknown';
  const found = await provider.find(callOf(resource.urn));
  const match = found.find(({ id }) => !taken.has(`${resource.type} ${id}`));
  if (!match) return 'gone';
  taken.add(`${resource.type} ${match.id}`);
  const now = new Date().toISOString();
  return {
    ...resource,
    id: match.id,
    inputs: match.inputs,
    outputs: match.properties,
    created: now,
    modified: now,
  };
}
