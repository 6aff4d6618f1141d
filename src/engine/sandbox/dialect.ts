import type { CheckFailure, ResourceCall, WireObject } from '../embedded/provider';
import type { Facts, Site } from './overlay/overlay';

/** How long a provider insists while the cloud has too much to do, and what it says in the end. */
export interface Patience {
  readonly attempts: number;
  readonly message: string;
}

/** How one package's provider thinks: pure functions over inputs; what exists is the cloud's affair. */
export interface Dialect {
  readonly packageName: 'aws' | 'kubernetes';
  /** The region or cluster that a provider with this configuration talks to. */
  scopeOf(config: WireObject): string;
  regionOf(config: WireObject): string;
  /** Provider inputs whose change means another cloud altogether. */
  readonly replaceConfig: readonly string[];
  /** The inputs with defaults and a generated name. */
  check(call: CheckCall): { inputs: WireObject; failures: readonly CheckFailure[] };
  /** The name by which the cloud tells resources of this type apart; undefined where it makes one up. */
  nameOf(type: string, inputs: WireObject): string | undefined;
  /** Paths of inputs whose change forces a new resource. */
  replace(type: string, config: WireObject, news: WireObject): readonly string[];
  /** Whether the name was chosen by a person, so that a second one cannot live beside the first. */
  isExclusive(type: string, olds: WireObject, news: WireObject): boolean;
  /** Outputs of a creation that has not happened: what only the cloud can say is unknown. */
  foresee(call: ResourceCall, inputs: WireObject, site: Site): WireObject;
  idOf(type: string, facts: Facts): string;
  /** The id in full, where a program may write a shorter one. */
  wholeId(type: string, id: string): string;
  /** Outputs of what exists; `before` are those it had. `ready` is its number of ready pods. */
  outputs(
    type: string,
    work: { facts: Facts; inputs: WireObject; before: WireObject; ready: number | undefined },
  ): WireObject;
  hosts(type: string, outputs: WireObject): readonly string[];
  patience(config: WireObject): Patience;
  /** Inputs that are secrets even where a program gives them plain. */
  sensitive(type: string): readonly string[];
}

export interface CheckCall extends ResourceCall {
  readonly olds: WireObject;
  readonly news: WireObject;
  readonly config: WireObject;
  /** Hex digits for a generated name: always the same, but for a resource that takes another's place. */
  readonly suffix: (length: number) => string;
}

/** Pods a workload wants; undefined for what is no workload. */
export function wantedPods(type: string, inputs: WireObject): number | undefined {
  if (!/^kubernetes:apps\/v1:(Deployment|StatefulSet|ReplicaSet|DaemonSet)$/.test(type)) return undefined;
  const replicas = at(inputs, 'spec', 'replicas');
  return typeof replicas === 'number' ? replicas : 1;
}

/** Container images of a workload. */
export function imagesOf(type: string, inputs: WireObject): string[] {
  if (!type.startsWith('kubernetes:')) return [];
  const template =
    at(inputs, 'spec', 'template', 'spec', 'containers') ??
    at(inputs, 'spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers') ??
    at(inputs, 'spec', 'containers');
  if (!Array.isArray(template)) return [];
  return template.map((each) => at(each, 'image')).filter((image) => typeof image === 'string');
}

/** The value under these keys; undefined where a key on the way is missing. Secrets must be revealed before. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of keys) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** Labels, selectors, annotations: the entries whose values are texts. */
export function texts(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
