import type { Wire, WireObject } from './provider';

/**
 * A resource as a version 3 checkpoint holds it. Keys that a checkpoint leaves out are absent here too; secrets are
 * plaintext signature objects `{[SIGNATURE]: SECRET, value}` (the state room encrypts and decrypts them). `created` and
 * `modified` are RFC 3339. `later` keeps keys that this engine does not act on so that a newer CLI finds them again.
 */
export interface ResourceState {
  urn: string;
  custom: boolean;
  delete?: boolean;
  id?: string;
  type: string;
  inputs?: WireObject;
  outputs?: WireObject;
  parent?: string;
  protect?: boolean;
  taint?: boolean;
  external?: boolean;
  dependencies?: string[];
  initErrors?: string[];
  /** `<provider urn>::<provider id>`. */
  provider?: string;
  propertyDependencies?: Record<string, string[]>;
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: string[];
  customTimeouts?: CustomTimeouts;
  importID?: string;
  retainOnDelete?: boolean;
  deletedWith?: string;
  replaceWith?: string[];
  created?: string;
  modified?: string;
  sourcePosition?: string;
  stackTrace?: StackFrame[];
  ignoreChanges?: string[];
  hideDiff?: string[];
  replaceOnChanges?: string[];
  refreshBeforeUpdate?: boolean;
  viewOf?: string;
  resourceHooks?: Record<string, string[]>;
  /** A change of this value replaces the resource. */
  replacementTrigger?: Wire;
}

/** Seconds; 0 or absent is the provider's own default. */
export interface CustomTimeouts {
  create?: number;
  update?: number;
  delete?: number;
  read?: number;
}

export interface StackFrame {
  sourcePosition?: string;
}

export type PendingKind = 'creating' | 'updating' | 'deleting' | 'reading' | 'importing';

/** An effect that was begun and whose end no checkpoint has seen. */
export interface PendingOperation {
  readonly type: PendingKind;
  readonly resource: ResourceState;
}

/** What a stack consists of, in an order in which every resource follows what it depends on. */
export interface Snapshot {
  readonly resources: readonly ResourceState[];
  readonly pendingOperations: readonly PendingOperation[];
}
