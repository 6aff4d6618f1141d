import type { ResourceState } from './resource';
import { parseReference } from './urn';

/** URNs that a resource stands on, besides its parent. */
export function dependenciesOf(state: ResourceState): Set<string> {
  const urns = new Set(state.dependencies ?? []);
  for (const list of Object.values(state.propertyDependencies ?? {})) for (const urn of list) urns.add(urn);
  if (state.deletedWith) urns.add(state.deletedWith);
  for (const urn of state.replaceWith ?? []) urns.add(urn);
  return urns;
}

/** The same with its provider. */
function foundationsOf(state: ResourceState): Set<string> {
  const urns = dependenciesOf(state);
  if (state.provider) urns.add(parseReference(state.provider).urn);
  return urns;
}

/** Who stands on whom in a list of resources in which everything follows what it depends on. */
export class DependencyGraph {
  private readonly index = new Map<ResourceState, number>();
  private readonly byUrn = new Map<string, number[]>();
  private readonly children = new Map<string, number[]>();

  constructor(private readonly resources: readonly ResourceState[]) {
    resources.forEach((state, position) => {
      this.index.set(state, position);
      append(this.byUrn, state.urn, position);
      if (state.parent) append(this.children, state.parent, position);
    });
  }

  has(state: ResourceState): boolean {
    return this.index.has(state);
  }

  /** Everything that depends on the resource, directly or not, in order; not what `ignore` names, nor through it. */
  dependingOn(
    state: ResourceState,
    ignore: { has(urn: string): boolean },
    includeChildren: boolean,
  ): ResourceState[] {
    const start = this.index.get(state);
    if (start === undefined) return [];
    const reached = new Set([state.urn]);
    const found: ResourceState[] = [];
    for (let position = start + 1; position < this.resources.length; position++) {
      const candidate = this.resources[position];
      if (!candidate || ignore.has(candidate.urn)) continue;
      const viaParent = includeChildren && candidate.parent !== undefined && reached.has(candidate.parent);
      if (
        !viaParent &&
        !foundationsOf(candidate)
          .values()
          .some((urn) => reached.has(urn))
      )
        continue;
      found.push(candidate);
      reached.add(candidate.urn);
    }
    return found;
  }

  /** What the resource stands on; a component stands for all that lies within it. */
  directDependencies(state: ResourceState): Set<ResourceState> {
    const found = new Set<ResourceState>();
    const end = this.index.get(state) ?? this.resources.length;
    for (const urn of foundationsOf(state)) {
      for (const position of this.byUrn.get(urn) ?? []) {
        const candidate = this.resources[position];
        if (!candidate || position >= end) continue;
        found.add(candidate);
        if (!candidate.custom) this.addDescendants(candidate.urn, end, found);
      }
    }
    for (const position of state.parent ? (this.byUrn.get(state.parent) ?? []) : []) {
      const candidate = this.resources[position];
      if (candidate && position < end) found.add(candidate);
    }
    return found;
  }

  /** Everything below the resource, and what that stands on. */
  transitiveDependencies(state: ResourceState): Set<ResourceState> {
    const found = new Set<ResourceState>();
    const open = [state];
    for (let next = open.pop(); next; next = open.pop()) {
      for (const dependency of this.directDependencies(next)) {
        if (found.has(dependency)) continue;
        found.add(dependency);
        open.push(dependency);
      }
    }
    return found;
  }

  /**
   * Groups that may be deleted at once, dependents before what they depend on. Within a group the order is that of the
   * state: the real engine walks a hash map, which begins somewhere by chance and most often keeps that order.
   */
  deletionOrder(condemned: readonly ResourceState[]): ResourceState[][] {
    const wanted = new Set(condemned);
    const ordered = condemned.toSorted((a, b) => (this.index.get(a) ?? 0) - (this.index.get(b) ?? 0));
    const levels = new Map<ResourceState, number>();
    const groups: ResourceState[][] = [];
    for (const state of ordered) {
      let level = 0;
      for (const dependency of this.directDependencies(state)) {
        if (wanted.has(dependency)) level = Math.max(level, (levels.get(dependency) ?? 0) + 1);
      }
      levels.set(state, level);
      const group = groups[level] ?? [];
      group.push(state);
      groups[level] = group;
    }
    return groups.toReversed();
  }

  private addDescendants(urn: string, end: number, into: Set<ResourceState>): void {
    for (const position of this.children.get(urn) ?? []) {
      const child = this.resources[position];
      if (!child || into.has(child)) continue;
      if (position < end) into.add(child);
      this.addDescendants(child.urn, end, into);
    }
  }
}

function append(lists: Map<string, number[]>, key: string, position: number): void {
  const list = lists.get(key);
  if (list) list.push(position);
  else lists.set(key, [position]);
}
