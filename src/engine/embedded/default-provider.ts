import type { Goal } from './goal';
import { defaultName, type PackageRequest } from './package';
import type { WireObject } from './provider';
import { INTERNAL } from './provider-registry';
import { packageOf, providerType } from './urn';
import { secret } from './wire';

/** The stack's configuration. */
export interface Configuration {
  /** Full keys to plain values. */
  readonly config: ReadonlyMap<string, string>;
  readonly secretKeys: ReadonlySet<string>;
}

/** Throws where the configuration lets this package have no provider of the engine's own. */
export function refuseDenied(name: string, { config }: Configuration): void {
  const denied = config.get('pulumi:disable-default-providers');
  if (!denied || name === 'pulumi') return;
  const names: unknown = JSON.parse(denied);
  if (Array.isArray(names) && names.some((entry) => entry === '*' || entry === name)) {
    throw new Error(`Default provider for '${name}' disabled. '${name}' must use an explicit provider.`);
  }
}

/** The engine's own provider of a package, configured by what the stack's configuration says of the package. */
export function defaultGoal(request: PackageRequest, { config, secretKeys }: Configuration): Goal {
  const { name, version, url } = request;
  const inputs: WireObject = {};
  for (const [key, value] of config) {
    if (packageOf(key) !== name) continue;
    const property = key.slice(name.length + 1);
    inputs[property] = secretKeys.has(key) ? secret(value) : value;
  }
  if (version !== '' || url !== '') inputs[INTERNAL] = url === '' ? {} : { pluginDownloadURL: url };
  if (version !== '') inputs['version'] = version;
  return {
    type: providerType(name),
    name: defaultName(request),
    custom: true,
    parent: '',
    inputs,
    dependencies: [],
    propertyDependencies: {},
    provider: '',
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    hideDiff: [],
    aliases: [],
    importId: '',
    deletedWith: '',
    replaceWith: [],
    customTimeouts: {},
  };
}
