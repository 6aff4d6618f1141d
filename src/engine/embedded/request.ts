import type * as protocol from '@pulumi/pulumi/proto/resource_pb';
import type { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { keepAssets } from './asset';
import type { Alias, Goal, ReadGoal } from './goal';
import { plainPath, readPath } from './path';
import type { Wire, WireObject } from './provider';
import { keepReferences } from './reference';
import type { CustomTimeouts } from './resource';
import { collectDependencies, mapValues, settleOutputs } from './wire';

/** A request names something that this engine does not do; the message says what. */
export class Unsupported extends Error {
  constructor(feature: string) {
    super(`${feature}: not supported by the embedded engine (use the real Pulumi CLI for this stack)`);
  }
}

export function fromStruct(struct: Struct | undefined): WireObject {
  return struct ? (struct.toJavaScript() as WireObject) : {};
}

/** A goal before what is read last: the real engine finds a wrong timeout when it has found the provider. */
export type Wish = Omit<Goal, 'customTimeouts'>;

/** The program's wish, with the provider still to be resolved. Throws Unsupported. */
export function parseRegistration(request: protocol.RegisterResourceRequest): Wish {
  refuseUnsupported(request);
  const raw = fromStruct(request.getObject());
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: mapValues(raw, settleOutputs),
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependencies(request, raw),
    provider: request.getProvider(),
    ...(request.hasProtect() ? { protect: request.getProtect() === true } : {}),
    ...(request.hasRetainondelete() ? { retainOnDelete: request.getRetainondelete() === true } : {}),
    ...(request.getDeletebeforereplacedefined() || request.getDeletebeforereplace()
      ? { deleteBeforeReplace: request.getDeletebeforereplace() }
      : {}),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    hideDiff: request.getHidediffsList(),
    aliases: parseAliases(request),
    importId: request.getImportid(),
    deletedWith: request.getDeletedwith(),
    replaceWith: request.getReplaceWithList(),
    ...triggerOf(request),
  };
}

export function parseRead(request: protocol.ReadResourceRequest): ReadGoal {
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    parent: request.getParent(),
    inputs: mapValues(fromStruct(request.getProperties()), (value) =>
      keepReferences(keepAssets(settleOutputs(value))),
    ),
    dependencies: request.getDependenciesList(),
    provider: request.getProvider(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

function refuseUnsupported(request: protocol.RegisterResourceRequest): void {
  const about = `${request.getType()} '${request.getName()}'`;
  if (request.getRemote()) {
    throw new Unsupported(`${about}: Construct (a component that lives in a provider)`);
  }
  if (request.getTransformsList().length > 0) throw new Unsupported(`${about}: option transforms`);
  if (request.hasHooks()) throw new Unsupported(`${about}: option hooks`);
  if (request.getStateMigrationsList().length > 0) throw new Unsupported(`${about}: state migrations`);
  if (request.getEnvvarmappingsMap().getLength() > 0) {
    throw new Unsupported(`${about}: option envVarMappings`);
  }
  if (request.getType().startsWith('pulumi-nodejs:')) {
    throw new Unsupported(`${about}: dynamic providers (pulumi-nodejs)`);
  }
}

function triggerOf(request: protocol.RegisterResourceRequest): Pick<Goal, 'replacementTrigger'> {
  const value = request.getReplacementTrigger()?.toJavaScript() as Wire | undefined;
  return value === undefined || value === null ? {} : { replacementTrigger: settleOutputs(value) };
}

function propertyDependencies(
  request: protocol.RegisterResourceRequest,
  raw: WireObject,
): Record<string, string[]> {
  const map = request.getPropertydependenciesMap();
  const found: Record<string, string[]> = {};
  map.forEach((entry, key) => {
    found[key] = entry.getUrnsList();
  });
  for (const key in raw) {
    const value = raw[key];
    if (value === undefined) continue;
    const urns = new Set(found[key] ?? (map.getLength() === 0 ? request.getDependenciesList() : []));
    collectDependencies(value, urns);
    found[key] = [...urns];
  }
  return found;
}

function parseAliases(request: protocol.RegisterResourceRequest): Alias[] {
  const urns = request.getAliasurnsList().map((urn) => ({ urn }));
  const objects = request.getAliasesList().map((alias): Alias => {
    const spec = alias.getSpec();
    if (!spec) return { urn: alias.getUrn() };
    return {
      name: spec.getName(),
      type: spec.getType(),
      stack: spec.getStack(),
      project: spec.getProject(),
      parent: spec.getParenturn(),
      noParent: spec.getNoparent(),
    };
  });
  return [...urns, ...objects];
}

/** Throws on what is no path. */
export function parseHidden(paths: readonly string[]): string[] {
  return paths.map((path, index) => {
    try {
      return plainPath(readPath(path));
    } catch (error) {
      throw new Error(`${index}: ${error instanceof Error ? error.message : error}`);
    }
  });
}

/** Throws on what is no duration. */
export function parseTimeouts(
  timeouts: protocol.RegisterResourceRequest.CustomTimeouts | undefined,
): CustomTimeouts {
  if (!timeouts) return {};
  return {
    ...entry('create', timeouts.getCreate()),
    ...entry('delete', timeouts.getDelete()),
    ...entry('update', timeouts.getUpdate()),
    ...entry('read', timeouts.getRead()),
  };
}

function entry(name: keyof CustomTimeouts, text: string): CustomTimeouts {
  return text === '' ? {} : { [name]: seconds(text) };
}

const UNITS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

/** `1h30m` as seconds. Throws on what is no duration. */
function seconds(text: string): number {
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new Error(`unable to parse customTimeout Value ${text}`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0);
}
