/**
 * A property value as it travels between engine and provider (the JSON form of pulumirpc's Struct): secrets are objects
 * `{[SIGNATURE]: SECRET, value}`, unknown values the literal `UNKNOWN`, assets and archives objects with their own signature.
 * Source: sdk/proto and sdk/nodejs/runtime/rpc.ts of Pulumi.
 */
export type Wire = null | boolean | number | string | Wire[] | { [key: string]: Wire };
export type WireObject = { [key: string]: Wire };

export const SIGNATURE = '4dabf18193072939515e22adb298388d';
export const SECRET = '1b47061264138c4ac30d75fd1eb44270';
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export type DiffKind = 'add' | 'add-replace' | 'delete' | 'delete-replace' | 'update' | 'update-replace';

export interface ProviderDiff {
  readonly changes: 'none' | 'some' | 'unknown';
  /** Property paths that force a new resource. */
  readonly replaces: readonly string[];
  readonly stables: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Top-level keys that changed. */
  readonly diffs: readonly string[];
  /** undefined where the provider sent none. */
  readonly detailedDiff?: Readonly<Record<string, { readonly kind: DiffKind; readonly inputDiff: boolean }>>;
}

/** A provider refused or failed; `partial` carries what exists all the same (initialisation failed). */
export class ProviderError extends Error {
  constructor(
    message: string,
    readonly partial?: {
      readonly id: string;
      readonly properties: WireObject;
      /** Of a read. */
      readonly inputs?: WireObject;
      readonly reasons: readonly string[];
    },
  ) {
    super(message);
  }
}

export interface ResourceCall {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

/**
 * One configured provider instance, as the engine sees it: the calls of pulumirpc.ResourceProvider. Adapters: any process
 * that listens on a port (gRPC), and the sandbox cloud in this process. Errors are ProviderErrors.
 */
export interface Provider {
  checkConfig(call: {
    urn: string;
    olds: WireObject;
    news: WireObject;
  }): Promise<{ inputs: WireObject; failures: readonly CheckFailure[] }>;
  diffConfig(call: {
    urn: string;
    oldInputs: WireObject;
    oldOutputs: WireObject;
    news: WireObject;
    ignoreChanges: readonly string[];
  }): Promise<ProviderDiff>;
  /** `id` is that of the provider resource; the unknown value in a preview that would create it. */
  configure(call: { urn: string; id?: string; inputs: WireObject }): Promise<void>;
  check(
    call: ResourceCall & { olds: WireObject; news: WireObject; randomSeed: Uint8Array },
  ): Promise<{ inputs: WireObject; failures: readonly CheckFailure[] }>;
  diff(
    call: ResourceCall & {
      id: string;
      oldInputs: WireObject;
      olds: WireObject;
      news: WireObject;
      ignoreChanges: readonly string[];
    },
  ): Promise<ProviderDiff>;
  create(
    call: ResourceCall & { properties: WireObject; preview: boolean; timeout: number },
  ): Promise<{ id: string; properties: WireObject }>;
  /** `id: ''` says that the resource is gone. */
  read(
    call: ResourceCall & { id: string; inputs: WireObject; properties: WireObject },
  ): Promise<{ id: string; inputs: WireObject; properties: WireObject }>;
  update(
    call: ResourceCall & {
      id: string;
      oldInputs: WireObject;
      olds: WireObject;
      news: WireObject;
      preview: boolean;
      ignoreChanges: readonly string[];
      timeout: number;
    },
  ): Promise<{ properties: WireObject }>;
  delete(
    call: ResourceCall & { id: string; oldInputs: WireObject; properties: WireObject; timeout: number },
  ): Promise<void>;
  invoke(call: {
    token: string;
    args: WireObject;
    preview?: boolean;
  }): Promise<{ result: WireObject; failures: readonly CheckFailure[] }>;
  /**
   * Resources that this cloud made under this URN, for clouds that remember: what became of a creation whose answer was
   * lost. Absent where a cloud cannot say.
   */
  find?(call: ResourceCall): Promise<readonly { id: string; inputs: WireObject; properties: WireObject }[]>;
  /** The plugin's version, empty where it tells none; absent where the provider is part of this engine. */
  version?(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Finds the provider of a package (`aws`, `kubernetes`, `lab`); undefined where nothing serves it. A new instance for each provider resource. */
export type ProviderHost = (packageName: string, version: string) => Promise<Provider | undefined>;
