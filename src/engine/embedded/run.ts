import type { Emitter } from './emitter';
import type { ProviderInstance } from './instance';
import type { Journal } from './journal';
import type { DependencyGraph } from './order';
import type { ProviderRegistry } from './provider-registry';
import type { ResourceState } from './resource';
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
  readonly targets: ReadonlySet<string> | undefined;
  readonly replaceTargets: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** An error that has been told already; it only ends the operation. */
export class Bail extends Error {}

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
