import { applyReplaceOnChanges, replaces } from './difference';
import { diffResource } from './examine';
import type { Generator } from './generate';
import { UNKNOWN, type WireObject } from './provider';
import type { ResourceState } from './resource';
import { ensureProvider } from './run';
import { isProviderType, parseReference } from './urn';

export interface Replacement {
  readonly state: ResourceState;
  readonly keys: readonly string[];
}

/**
 * The resources that cannot outlive one that is deleted before it is replaced, in the order of the state: those of a
 * replaced provider, and those whose provider would replace them if the inputs that come from it were unknown. What is
 * only deleted with it stays.
 */
export async function dependentReplacements(
  generator: Generator,
  root: ResourceState,
): Promise<Replacement[]> {
  const { run } = generator;
  const doomed = new Set([root.urn]);
  const found: Replacement[] = [];
  const settled = { has: (urn: string) => generator.operated.has(urn) || run.deletes.has(urn) };
  for (const state of run.graph.dependingOn(root, settled, false)) {
    const keys = await keysOf(generator, state, doomed);
    if (!keys) continue;
    doomed.add(state.urn);
    found.push({ state, keys });
  }
  return [...found, ...replacedWith(generator, root.urn)];
}

/**
 * The resources that are to be replaced with another one, as the program or else the state says. The real engine asks the state
 * also of those that the program has registered by now without saying so any more: they are deleted, and nothing creates them again.
 */
function replacedWith({ run }: Generator, urn: string): Replacement[] {
  const seen = new Map<string, ResourceState>();
  for (const state of [...run.news.values(), ...run.olds.values()])
    if (!seen.has(state.urn) && state.replaceWith?.includes(urn)) seen.set(state.urn, state);
  return [...seen.values()].map((state) => ({ state, keys: [] }));
}

/** undefined where the resource can stay. */
async function keysOf(
  generator: Generator,
  state: ResourceState,
  doomed: ReadonlySet<string>,
): Promise<readonly string[] | undefined> {
  const { run } = generator;
  if (!state.custom || state.external) return undefined;
  if (state.provider && doomed.has(parseReference(state.provider).urn)) {
    await ensureProvider(run, state.provider);
    return [];
  }
  const inputs: WireObject = { ...state.inputs };
  let isConcerned = false;
  for (const key of Object.keys(inputs)) {
    if (!state.propertyDependencies?.[key]?.some((urn) => doomed.has(urn))) continue;
    inputs[key] = UNKNOWN;
    isConcerned = true;
  }
  if (!isConcerned) return undefined;
  if (isProviderType(state.type)) await run.registry.same(state, false);
  else await ensureProvider(run, state.provider);
  const diff = await diffResource(generator, state.urn, state, state, inputs, state.ignoreChanges ?? []);
  const final = applyReplaceOnChanges(diff, state.replaceOnChanges ?? [], false);
  return replaces(final) ? final.replaces : undefined;
}
