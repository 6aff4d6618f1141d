import type { Emitter } from './emitter';
import type { ProviderInstance } from './instance';
import type { Journal } from './journal';
import type { DependencyGraph } from './order';
import type { ProviderRegistry } from './provider-registry';
import type { ResourceState } from './resource';
import type { Selection, Targets } from './targets';
import { parseReference } from './urn';

/** What all parts of one running operation share. */
export interface Run {
  readonly project: string;
  readonly stack: string;
  /** A preview: looks, never touches. */
  readonly isDry: boolean;
  readonly isRefresh: boolean;
  readonly emitter: Emitter;
  readonly journal: Journal;
  readonly registry: ProviderRegistry;
  /** What the operation starts from, in order; a refresh replaces it. */
  base: readonly ResourceState[];
  /** The resources of `base` that are not waiting for deletion. */
  olds: Map<string, ResourceState>;
  graph: DependencyGraph;
  /** What this operation has settled, by URN. */
  readonly news: Map<string, ResourceState>;
  /** URNs that this operation deletes. */
  readonly deletes: Set<string>;
  readonly selection: Selection;
  readonly replaceTargets: Targets;
  /** What does not rest on a failed step goes on. */
  readonly continueOnError: boolean;
  readonly signal: AbortSignal;
}

/** An error that has been told already; it only ends the operation. */
export class Bail extends Error {}

/** Whoever names a resource means one that there is: in the state, or among `also`. Tells of each that is missing; returns why this ends the operation. */
export function tellMissing(run: Run, targets: Targets, also?: ReadonlySet<string>): Bail | undefined {
  if (targets.literals.size === 0) return undefined;
  const present = new Set(run.base.map(({ urn }) => urn));
  const missing = [...targets.literals].filter((urn) => !present.has(urn) && also?.has(urn) !== true);
  for (const urn of missing) {
    // A shell that took the rest of the URN for a variable leaves no dollar sign.
    const advice = urn.includes('$') ? '' : ' Did you forget to escape $ in your shell?';
    run.emitter.error(`Target '${urn}' could not be found in the stack.${advice}`);
  }
  return missing.length === 0 ? undefined : new Bail('one or more targets could not be found in the stack');
}

/** Throws Bail. */
export function refuseMissing(run: Run, targets: Targets): void {
  const missing = tellMissing(run, targets);
  if (missing) throw missing;
}

/** Configures the provider of a resource out of the state, where the program has not done so. Providers themselves need none. */
export async function ensureProvider(run: Run, reference: string | undefined): Promise<void> {
  if (!reference) return;
  const { urn, id } = parseReference(reference);
  if (run.registry.get({ urn, id })) return;
  const state = run.base.find((old) => old.urn === urn && old.id === id);
  if (!state) throw new Error(`could not find provider ${reference} in the state`);
  await run.registry.same(state, false);
}

/** The provider that serves a custom resource. */
export function providerOf(run: Run, state: ResourceState): ProviderInstance {
  const reference = state.provider;
  if (!reference) throw new Error(`bad provider reference '' for resource ${state.urn}`);
  const instance = run.registry.get(parseReference(reference));
  if (!instance) throw new Error(`unknown provider '${reference}' for resource ${state.urn}`);
  return instance;
}
