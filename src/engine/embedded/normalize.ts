import type { ResourceState } from './resource';
import {
  formatReference,
  isRootStack,
  makeUrn,
  parseReference,
  parseUrn,
  qualifiedTypeOf,
  typeOf,
} from './urn';

/** Resources that were renamed are named by their new URN everywhere; the checkpoint needs no aliases after that. */
export function normalizeAliases(resources: ResourceState[]): ResourceState[] {
  const renamed = new Map<string, string>();
  for (const state of resources) {
    for (const alias of state.aliases ?? []) renamed.set(alias, state.urn);
    const parent = state.parent ? renamed.get(state.parent) : undefined;
    if (parent && !isRootStack(parent)) {
      const { stack, project, name } = parseUrn(state.urn);
      const urn = makeUrn({
        stack,
        project,
        parentType: qualifiedTypeOf(parent),
        type: typeOf(state.urn),
        name,
      });
      if (urn !== state.urn) renamed.set(state.urn, urn);
    }
  }
  if (renamed.size === 0) return resources;
  return resources.map((state) => rename(state, (urn) => renamed.get(urn) ?? urn));
}

function rename(state: ResourceState, current: (urn: string) => string): ResourceState {
  const { aliases: _, ...kept } = state;
  const fresh: ResourceState = { ...kept, urn: current(state.urn) };
  if (state.parent) fresh.parent = current(state.parent);
  if (state.deletedWith) fresh.deletedWith = current(state.deletedWith);
  if (state.dependencies) fresh.dependencies = state.dependencies.map(current);
  if (state.replaceWith) fresh.replaceWith = state.replaceWith.map(current);
  if (state.provider) {
    const { urn, id } = parseReference(state.provider);
    fresh.provider = formatReference({ urn: current(urn), id });
  }
  const depending = Object.entries(state.propertyDependencies ?? {});
  // Where one was renamed, the real engine forgets the properties that depend on nothing.
  if (depending.some(([, urns]) => urns.some((urn) => current(urn) !== urn))) {
    const dependent = depending.filter(([, urns]) => urns.length > 0);
    fresh.propertyDependencies = Object.fromEntries(dependent.map(([key, urns]) => [key, urns.map(current)]));
  }
  return fresh;
}
