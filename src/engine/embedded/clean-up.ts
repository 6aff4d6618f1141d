import { deletion } from './draft';
import type { Executor } from './executor';
import type { Generator } from './generate';
import { dependentReplacements } from './replacement';
import type { ResourceState } from './resource';
import { Bail, ensureProvider, type Run } from './run';
import type { Step } from './step';
import type { Targets } from './targets';
import { sameOf } from './untouched';

/** At the end of an update: deletes what the program no longer wants and what was replaced, dependents first. */
export async function cleanUp(run: Run, generator: Generator, executor: Executor): Promise<void> {
  if (run.base.length === 0) return;
  const { targets, excludes } = run.selection;
  const allowed = targets.isConstrained ? await withDependents(run, generator, targets) : undefined;
  const forbidden = !allowed && excludes.isConstrained ? withFoundations(run, excludes) : undefined;
  const sames: Step[] = [];
  const deletes: Step[] = [];
  for (const old of run.base) {
    if ((allowed && !allowed.has(old.urn)) || forbidden?.has(old.urn)) {
      if (!generator.isOperatedOn(old.urn)) sames.push(sameOf(old));
      continue;
    }
    const step = deletionStep(generator, old);
    if (!step) continue;
    run.deletes.add(old.urn);
    await ensureProvider(run, old.provider);
    deletes.push(step);
  }
  refuseUntargeted(run, generator, deletes);
  for (const step of sames) await (await executor.submit([step])).done;
  await inOrder(run, executor, deletes);
}

/** undefined where the resource stays. */
function deletionStep(generator: Generator, old: ResourceState): Step | undefined {
  if (old.delete) {
    return generator.condemned.has(old) ? undefined : { op: deletion(old, true), old };
  }
  if (generator.isOperatedOn(old.urn)) return undefined;
  if (old.pendingReplacement) return { op: 'remove-pending-replace', old };
  return { op: deletion(old, false), old };
}

/** Where a deletion was refused, what that resource depends on stays too. */
async function inOrder(run: Run, executor: Executor, deletes: readonly Step[]): Promise<void> {
  const steps = new Map(deletes.map((step) => [step.old, step]));
  const condemned = deletes.map((step) => step.old).filter((old) => old !== undefined);
  const blocked = new Set<ResourceState>();
  let seen = 0;
  for (const group of run.graph.deletionOrder(condemned)) {
    for (const failed of executor.failed.slice(seen)) {
      if (!failed.old) continue;
      for (const state of run.graph.transitiveDependencies(failed.old)) blocked.add(state);
    }
    seen = executor.failed.length;
    const ready = group.filter((old) => !blocked.has(old)).map((old) => steps.get(old));
    await executor.runAll(ready.filter((step) => step !== undefined));
  }
}

/** Targets, and everything that must go when they go. */
async function withDependents(run: Run, generator: Generator, targets: Targets): Promise<Set<string>> {
  const allowed = new Set<string>();
  for (const old of run.base) {
    if (!targets.has(old.urn)) continue;
    allowed.add(old.urn);
    for (const dependent of run.graph.dependingOn(old, allowed, true)) allowed.add(dependent.urn);
  }
  for (const old of run.base.filter(({ urn }) => allowed.has(urn))) {
    for (const { state } of await dependentReplacements(generator, old)) allowed.add(state.urn);
  }
  return allowed;
}

/** What is left out, and all that it stands on; with the dependents, where they are left out as well, and what those stand on. */
function withFoundations(run: Run, excludes: Targets): Set<string> {
  const { excludeDependents } = run.selection;
  const kept = new Set<string>();
  const open = run.base.filter(({ urn }) => excludes.has(urn));
  for (let next = open.shift(); next; next = open.shift()) {
    if (kept.has(next.urn)) continue;
    kept.add(next.urn);
    open.push(...run.graph.directDependencies(next));
    if (excludeDependents) open.push(...run.graph.dependingOn(next, kept, true));
  }
  return kept;
}

function refuseUntargeted(run: Run, generator: Generator, deletes: readonly Step[]): void {
  const { targets, targetDependents } = run.selection;
  if (!targets.isConstrained || targetDependents) return;
  let isRefused = false;
  for (const { old } of deletes) {
    if (!old || targets.has(old.urn)) continue;
    isRefused = true;
    generator.hasErrors = true;
    run.emitter.error(
      `Resource '${old.urn}' will be destroyed but was not specified in --target list.\n` +
        'Either include resource in --target list or pass --target-dependents to proceed.',
      old.urn,
    );
  }
  if (isRefused && !run.isDry) throw new Bail('delete untargeted resource');
}
