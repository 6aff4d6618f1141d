import { dependenciesOf } from './order';
import type { ResourceState } from './resource';
import { parseReference } from './urn';

/** Resources named by URNs and patterns: `*` is anything but a colon, `**` anything at all. */
export class Targets {
  private readonly urns: Set<string>;
  private readonly patterns: readonly RegExp[];

  constructor(names: readonly string[] = []) {
    this.urns = new Set(names.filter((name) => !name.includes('*')));
    this.patterns = names.filter((name) => name.includes('*')).map(patternOf);
  }

  /** Whether anything is named at all. */
  get isConstrained(): boolean {
    return this.urns.size > 0 || this.patterns.length > 0;
  }

  /** The names that stand for one resource: they must exist. */
  get literals(): ReadonlySet<string> {
    return this.urns;
  }

  has(urn: string): boolean {
    return this.urns.has(urn) || this.patterns.some((pattern) => pattern.test(urn));
  }

  /** The same and more: what stands on a target is one too. */
  growing(): GrowingTargets {
    return new GrowingTargets(this);
  }
}

/** Targets together with what stands on them, learnt in an order in which everything follows what it depends on. */
export class GrowingTargets {
  private readonly more = new Set<string>();

  constructor(private readonly first: Targets) {}

  has(urn: string): boolean {
    return this.more.has(urn) || this.first.has(urn);
  }

  /** Whether the resource rests on any of these; the real engine asks for its provider in an update only. */
  carries(state: ResourceState, withProvider: boolean): boolean {
    if (withProvider && state.provider && this.has(parseReference(state.provider).urn)) return true;
    if (state.parent && this.has(state.parent)) return true;
    return dependenciesOf(state)
      .values()
      .some((urn) => this.has(urn));
  }

  add(urn: string): void {
    this.more.add(urn);
  }
}

/** Which resources an operation is about. The command line takes targets or exclusions, never both. */
export interface Selection {
  readonly targets: Targets;
  readonly targetDependents: boolean;
  readonly excludes: Targets;
  readonly excludeDependents: boolean;
}

function patternOf(name: string): RegExp {
  const parts = name.split('**').map((part) => part.split('*').map(quoted).join('[^:]*'));
  return new RegExp(`^${parts.join('.*')}$`);
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
