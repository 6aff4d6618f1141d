import type { Wire, WireObject } from './provider';
import type { CustomTimeouts } from './resource';
import type { Answer } from './step';

/** Another name under which a resource may be found in the state: a URN, or what differs from its present name. */
export interface Alias {
  readonly urn?: string;
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly parent?: string;
  readonly noParent?: boolean;
}

/** What the program wants a resource to be. `provider` is a reference; empty for components and providers. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
  readonly inputs: WireObject;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly provider: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly hideDiff: readonly string[];
  readonly aliases: readonly Alias[];
  /** The id of an existing resource to take over. */
  readonly importId: string;
  readonly deletedWith: string;
  readonly replaceWith: readonly string[];
  readonly customTimeouts: CustomTimeouts;
  readonly replacementTrigger?: Wire;
}

/** A resource that the program reads by its id, or the engine's own default provider asked for. */
export interface ReadGoal {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly parent: string;
  readonly inputs: WireObject;
  readonly dependencies: readonly string[];
  readonly provider: string;
  readonly additionalSecretOutputs: readonly string[];
}

/** What the program asks of the engine, in order. */
export type Demand =
  | { readonly kind: 'register'; readonly goal: Goal; answer(answer: Answer): void }
  | { readonly kind: 'read'; readonly goal: ReadGoal; answer(answer: Answer): void }
  | { readonly kind: 'outputs'; readonly urn: string; readonly outputs: WireObject; done(): void };
