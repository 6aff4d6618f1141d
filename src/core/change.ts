export type ChangeKind = 'create' | 'update' | 'replace' | 'delete' | 'same';
export type ChangeCounts = Readonly<Record<ChangeKind, number>>;

/** One resource's step, secrets blinded. */
export interface Change {
  readonly kind: ChangeKind;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Properties that differ; before and after as short JSON, `[secret]` and `[unknown]` where so. */
  readonly properties: readonly PropertyChange[];
  /** Properties that force a new resource. */
  readonly replaceKeys: readonly string[];
  /** Of an update on the sandbox: nobody knows whether a real cloud would make it in place, or make a new resource. */
  readonly inPlace?: 'unverified';
  /** A component resource: a name in the state, nothing that a provider manages. */
  readonly isComponent?: true;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

export interface PropertyChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  /** Where they are cut short here: short digest of both in full, so that no difference goes unnoticed. */
  readonly whole?: string;
}
