import type * as grpc from '@grpc/grpc-js';
import * as protocol from '@pulumi/pulumi/proto/provider_pb';
import * as status from '@pulumi/pulumi/proto/status_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import {
  type CheckFailure,
  type DiffKind,
  type ProviderDiff,
  ProviderError,
  type Wire,
  type WireObject,
} from './provider';
import { plainReferences } from './reference';
import { fromStruct } from './request';
import { isObject, isSecret, mapValues, revealAll } from './wire';

export const UNKNOWN_DIFF: ProviderDiff = {
  changes: 'unknown',
  replaces: [],
  stables: [],
  deleteBeforeReplace: false,
  diffs: [],
};

export function toStruct(values: WireObject): Struct {
  return Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
}

/** For configurations, which know neither secrets nor references. */
export function plainStruct(values: WireObject): Struct {
  return toStruct(mapValues(revealAll(values), plainReferences));
}

export function failuresOf(response: { getFailuresList(): protocol.CheckFailure[] }): CheckFailure[] {
  return response
    .getFailuresList()
    .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}

const KINDS: readonly DiffKind[] = [
  'add',
  'add-replace',
  'delete',
  'delete-replace',
  'update',
  'update-replace',
];

export function diffOf(response: protocol.DiffResponse): ProviderDiff {
  const details: Record<string, { kind: DiffKind; inputDiff: boolean }> = {};
  response.getDetaileddiffMap().forEach((entry, path) => {
    details[path] = { kind: KINDS[entry.getKind()] ?? 'update', inputDiff: entry.getInputdiff() };
  });
  const { DIFF_NONE, DIFF_SOME } = protocol.DiffResponse.DiffChanges;
  const changes = response.getChanges();
  return {
    changes: changes === DIFF_NONE ? 'none' : changes === DIFF_SOME ? 'some' : 'unknown',
    replaces: response.getReplacesList(),
    stables: response.getStablesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    diffs: response.getDiffsList(),
    ...(response.getHasdetaileddiff() ? { detailedDiff: details } : {}),
  };
}

/** A secret that was not known went out without its value, and may come back so. Throws ProviderError. */
export function refuseMalformed(values: WireObject): void {
  const look = (value: Wire, key: string): void => {
    if (Array.isArray(value)) for (const item of value) look(item, key);
    else if (isSecret(value) && !('value' in value)) {
      throw new ProviderError(`malformed RPC secret: missing value for "${key}"`);
    } else if (isObject(value)) for (const name in value) look(value[name] ?? null, name);
  };
  look(values, '');
}

export function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && 'code' in error && 'metadata' in error;
}

/** The one place where errors of the protocol become ours; initialisation failures carry what exists all the same. */
export function providerError(error: unknown): ProviderError {
  if (!isServiceError(error))
    return new ProviderError(error instanceof Error ? error.message : String(error));
  const message = error.details || error.message;
  const [details] = error.metadata.get('grpc-status-details-bin');
  if (!(details instanceof Uint8Array)) return new ProviderError(message);
  for (const detail of status.Status.deserializeBinary(details).getDetailsList()) {
    if (detail.getTypeUrl().endsWith('pulumirpc.ConfigureErrorMissingKeys')) {
      const missing = protocol.ConfigureErrorMissingKeys.deserializeBinary(detail.getValue_asU8());
      return new ProviderError(listed(missing.getMissingkeysList().map(missingKey)));
    }
    if (!detail.getTypeUrl().endsWith('pulumirpc.ErrorResourceInitFailed')) continue;
    const failed = protocol.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    const reasons = failed.getReasonsList();
    return new ProviderError(initMessage(reasons), {
      id: failed.getId(),
      properties: fromStruct(failed.getProperties()),
      inputs: fromStruct(failed.getInputs()),
      reasons,
    });
  }
  return new ProviderError(message);
}

function initMessage(reasons: readonly string[]): string {
  return reasons.length === 0 ? 'resource init failed' : listed(reasons);
}

function missingKey(key: { getName(): string; getDescription(): string }): string {
  return (
    `missing required configuration key "${key.getName()}": ${key.getDescription()}\n` +
    `Set a value using the command \`pulumi config set ${key.getName()} <value>\`.`
  );
}

function listed(reasons: readonly string[]): string {
  const list = reasons.map((reason) => `\n\t* ${reason}`).join('');
  return `${reasons.length} error${reasons.length === 1 ? '' : 's'} occurred:${list}\n\n`;
}
