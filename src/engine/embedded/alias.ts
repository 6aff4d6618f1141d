import type { Alias, Goal } from './goal';
import type { ResourceState } from './resource';
import { isRootStack, makeUrn, nameOf, qualifiedTypeOf, typeOf } from './urn';

/** Finds what the state calls a resource: by its URN, its aliases, or those that it inherits from its parent. */
export class AliasBook {
  /** New URN to the old one it was found under. */
  private readonly oldNames = new Map<string, string>();
  /** Old URN to the new one that claimed it. */
  private readonly claimed = new Map<string, string>();

  constructor(
    private readonly home: { readonly project: string; readonly stack: string },
    private readonly olds: () => ReadonlyMap<string, ResourceState>,
    private readonly isRegistered: (urn: string) => boolean,
  ) {}

  claimant(urn: string): string | undefined {
    return this.claimed.get(urn);
  }

  /** `conflicts` are messages; the resource is invalid with any. */
  find(
    urn: string,
    goal: Pick<Goal, 'name' | 'type' | 'parent' | 'aliases'>,
  ): { old?: ResourceState; alias?: string; conflicts: string[] } {
    const conflicts: string[] = [];
    const claimant = this.claimed.get(urn);
    if (claimant) {
      conflicts.push(
        `Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${claimant}'`,
      );
    }
    for (const candidate of [urn, ...this.namesOf(goal)]) {
      const old = this.olds().get(candidate);
      if (!old) continue;
      if (candidate === urn) return { old, conflicts };
      const rival = this.isRegistered(candidate) ? urn : undefined;
      const earlier = this.claimed.get(candidate);
      for (const other of [rival, earlier]) {
        if (other) {
          conflicts.push(
            `Duplicate resource alias '${candidate}' applied to resource with URN '${urn}' conflicting with resource with URN '${other}'`,
          );
        }
      }
      this.claimed.set(candidate, urn);
      this.oldNames.set(urn, candidate);
      return { old, alias: candidate, conflicts };
    }
    return { conflicts };
  }

  private namesOf(goal: Pick<Goal, 'name' | 'type' | 'parent' | 'aliases'>): Set<string> {
    const own = goal.aliases.map((alias) => this.resolve(goal, alias));
    const names = new Set(own);
    const parentAlias = goal.parent ? this.oldNames.get(goal.parent) : undefined;
    if (parentAlias) {
      names.add(this.inherit(goal.type, goal.name, goal.parent, parentAlias));
      for (const alias of own) {
        names.add(this.inherit(typeOf(alias), nameOf(alias), goal.parent, parentAlias));
      }
    }
    return names;
  }

  private resolve(goal: Pick<Goal, 'name' | 'type' | 'parent'>, alias: Alias): string {
    if (alias.urn) return alias.urn;
    const named = alias.parent ? (this.oldNames.get(alias.parent) ?? alias.parent) : goal.parent;
    const parent = alias.noParent || (named && isRootStack(named)) ? '' : named;
    return makeUrn({
      stack: alias.stack || this.home.stack,
      project: alias.project || this.home.project,
      parentType: parent ? qualifiedTypeOf(parent) : undefined,
      type: alias.type || goal.type,
      name: alias.name || goal.name,
    });
  }

  /** A child whose name begins with its parent's follows the parent's old name. */
  private inherit(type: string, name: string, parent: string, parentAlias: string): string {
    const parentName = nameOf(parent);
    const oldName = name.startsWith(parentName) ? nameOf(parentAlias) + name.slice(parentName.length) : name;
    return makeUrn({ ...this.home, parentType: qualifiedTypeOf(parentAlias), type, name: oldName });
  }
}
