import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isLeftOut } from '../left-out';
import type { Wire, WireObject } from '../provider';
import type { ResourceState, Snapshot } from '../resource';
import { Refusal } from './refusal';
import { type Sealing, seal, unseal, withoutSecrets } from './sealed';
import type { Crypter } from './secret';
import { unknownIn, VERSIONS } from './version';

/** What this engine says it is: the CLI whose format and behaviour it keeps to. */
export const CLI_VERSION = '3.258.0';

const MAGIC = createHash('sha256').update(`v${CLI_VERSION}`).digest('hex');

/** A stack's state, decrypted. */
export interface Checkpoint {
  /** `organization/<project>/<stack>`. */
  readonly stack: string;
  readonly snapshot: Snapshot;
  /** Salt of the passphrase that its secrets are under; undefined in a stack that was never written with one. */
  readonly salt: string | undefined;
  /** Kept as found. */
  readonly metadata: unknown;
}

/** Every key of a resource this engine keeps, in the order the real CLI writes them; others are refused by name. */
const KEYS = [
  'urn',
  'custom',
  'delete',
  'id',
  'type',
  'inputs',
  'outputs',
  'parent',
  'protect',
  'taint',
  'external',
  'dependencies',
  'initErrors',
  'provider',
  'propertyDependencies',
  'pendingReplacement',
  'additionalSecretOutputs',
  'aliases',
  'customTimeouts',
  'importID',
  'retainOnDelete',
  'deletedWith',
  'replaceWith',
  'created',
  'modified',
  'sourcePosition',
  'stackTrace',
  'ignoreChanges',
  'hideDiff',
  'replaceOnChanges',
  'refreshBeforeUpdate',
  'viewOf',
  'resourceHooks',
  'replacementTrigger',
] as const satisfies readonly (keyof ResourceState)[];

const SEALED: ReadonlySet<string> = new Set(['inputs', 'outputs', 'replacementTrigger']);
const KNOWN: ReadonlySet<string> = new Set(KEYS);
const REFUSED: ReadonlySet<string> = new Set(['refreshBeforeUpdate', 'viewOf']);

const Resource = z.looseObject({ urn: z.string(), type: z.string(), custom: z.boolean().default(false) });
const Deployment = z.looseObject({
  manifest: z.looseObject({}).optional(),
  secrets_providers: z
    .looseObject({ type: z.string(), state: z.looseObject({ salt: z.string().optional() }).nullish() })
    .nullish(),
  resources: z.array(Resource).nullish(),
  pending_operations: z
    .array(
      z.strictObject({
        resource: Resource,
        type: z.enum(['creating', 'updating', 'deleting', 'reading', 'importing']),
      }),
    )
    .nullish(),
  metadata: z.unknown().optional(),
});
type Deployment = z.infer<typeof Deployment>;
const DEPLOYMENT_KEYS = Object.keys(Deployment.shape);
const Versioned = z.looseObject({
  version: z.number(),
  features: z.array(z.string()).nullish(),
});

/** Reads a checkpoint file. `open` makes the crypter of a salt; called only where the state has one. */
export async function parseCheckpoint(
  text: string,
  open: (salt: string) => Promise<Crypter>,
): Promise<Checkpoint> {
  const file = parseJson(text, 'checkpoint');
  refuseUnknown(file, 'checkpoint');
  refuseKeys(file, ['version', 'features', 'checkpoint'], 'the file');
  const { checkpoint } = valid(
    z.looseObject({ checkpoint: z.looseObject({ stack: z.string(), latest: Deployment.nullish() }) }),
    file,
  );
  refuseKeys(checkpoint, ['stack', 'latest'], 'the checkpoint');
  if (checkpoint.latest == null) {
    return {
      stack: checkpoint.stack,
      snapshot: { resources: [], pendingOperations: [] },
      salt: undefined,
      metadata: {},
    };
  }
  return { stack: checkpoint.stack, ...(await openDeployment(checkpoint.latest, open)) };
}

/** Reads what `stack export` wrote: `{version, deployment}`. */
export async function parseDeployment(
  text: string,
  open: (salt: string) => Promise<Crypter>,
): Promise<Omit<Checkpoint, 'stack'>> {
  const file = parseJson(text, 'deployment');
  refuseUnknown(file, 'deployment');
  const { deployment } = valid(z.looseObject({ deployment: Deployment }), file);
  return openDeployment(deployment, open);
}

/** The text of a checkpoint file. Keys and their order are those of the real CLI; empty ones are left out as it does. */
export function checkpointText(checkpoint: Omit<Checkpoint, 'salt'>, crypter: Crypter): string {
  const latest = deploymentOf({ ...checkpoint, salt: crypter.salt }, { as: 'ciphertext', crypter });
  return JSON.stringify({ ...formOf(checkpoint), checkpoint: { stack: checkpoint.stack, latest } });
}

/** The text of `stack export`. */
export function deploymentText(checkpoint: Checkpoint, sealing: Sealing): string {
  return JSON.stringify(
    { ...formOf(checkpoint), deployment: deploymentOf(checkpoint, sealing) },
    undefined,
    4,
  );
}

function formOf({ snapshot }: Pick<Checkpoint, 'snapshot'>): { version: number; features?: string[] } {
  const features: string[] = [];
  if (snapshot.resources.some(({ replaceWith = [] }) => replaceWith.length > 0)) features.push('replaceWith');
  if (snapshot.resources.some(({ taint }) => taint === true)) features.push('taint');
  return features.length > 0 ? { version: VERSIONS.featured, features } : { version: VERSIONS.plain };
}

function deploymentOf({ snapshot, salt, metadata }: Checkpoint, sealing: Sealing) {
  const resources = snapshot.resources.map((resource) => sealResource(resource, sealing));
  const pending = snapshot.pendingOperations.map((operation) => ({
    resource: sealResource(operation.resource, sealing),
    type: operation.type,
  }));
  return {
    manifest: { time: new Date().toISOString(), magic: MAGIC, version: `v${CLI_VERSION}` },
    ...(salt === undefined ? {} : { secrets_providers: { type: 'passphrase', state: { salt } } }),
    ...(resources.length === 0 ? {} : { resources }),
    ...(pending.length === 0 ? {} : { pending_operations: pending }),
    metadata: metadata ?? {},
  };
}

async function openDeployment(
  deployment: Deployment,
  open: (salt: string) => Promise<Crypter>,
): Promise<Omit<Checkpoint, 'stack'>> {
  refuseKeys(deployment, DEPLOYMENT_KEYS, 'the deployment');
  const provider = deployment.secrets_providers;
  if (provider != null && provider.type !== '' && provider.type !== 'passphrase') {
    throw new Refusal(
      `the embedded engine does not support the secrets provider "${provider.type}" of this state: it supports passphrase`,
    );
  }
  const salt = provider?.state?.salt;
  const crypter = salt === undefined ? undefined : await open(salt);
  return {
    salt,
    metadata: deployment.metadata ?? {},
    snapshot: {
      resources: (deployment.resources ?? []).map((resource) => openResource(resource, crypter)),
      pendingOperations: (deployment.pending_operations ?? []).map(({ type, resource }) => ({
        type,
        resource: openResource(resource, crypter),
      })),
    },
  };
}

function openResource(raw: z.infer<typeof Resource>, crypter: Crypter | undefined): ResourceState {
  for (const [key, value] of Object.entries(raw)) {
    if (!KNOWN.has(key) || (REFUSED.has(key) && value !== false && value !== '' && value !== null)) {
      throw new Refusal(unsupported(key, raw.urn));
    }
  }
  const resource = { ...raw } as ResourceState;
  for (const key of ['inputs', 'outputs'] as const) {
    const properties = resource[key];
    if (properties != null) resource[key] = unseal(properties, crypter) as WireObject;
  }
  const trigger = resource.replacementTrigger;
  // The real engine keeps a trigger before it has decrypted what is in it.
  if (trigger !== undefined) resource.replacementTrigger = withoutSecrets(unseal(trigger, crypter));
  return resource;
}

function sealResource(resource: ResourceState, sealing: Sealing): Record<string, unknown> {
  const sealed: Record<string, unknown> = {};
  for (const key of KEYS) {
    const value = resource[key];
    if (isLeftOut(key, value)) continue;
    sealed[key] = SEALED.has(key) ? seal((value ?? {}) as Wire, sealing) : value;
  }
  return sealed;
}

function refuseUnknown(file: unknown, what: string): void {
  const unknown = unknownIn(valid(Versioned, file));
  if (unknown !== undefined) throw new Refusal(`unsupported ${what} ${unknown}`);
}

/** What is not known here would be gone after the next write. */
function refuseKeys(value: unknown, known: readonly string[], where: string): void {
  const [unknown] = Object.keys(Object(value)).filter((key) => !known.includes(key));
  if (unknown !== undefined) throw new Refusal(unsupported(unknown, where));
}

const unsupported = (key: string, where: string): string =>
  `unsupported checkpoint feature "${key}" of ${where}: the embedded engine does not know it and leaves the state as it is`;

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`failed to load ${what}: ${error instanceof Error ? error.message : error}`);
  }
}

function valid<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal(`failed to load checkpoint: ${z.prettifyError(result.error)}`);
}
