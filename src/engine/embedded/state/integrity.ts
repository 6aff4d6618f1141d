import type { ResourceState, Snapshot } from '../resource';
import { Refusal } from './refusal';

/**
 * Refuses a state in which a resource comes before one it rests on, or rests on none: the engine (and the real CLI) would
 * delete in a wrong order.
 */
export function refuseBroken(snapshot: Snapshot): void {
  const seen = new Set<string>();
  const providers = new Set<string>();
  for (const resource of snapshot.resources) {
    for (const [what, urn] of restsOn(resource)) {
      if (!seen.has(urn)) throw broken(`resource ${resource.urn} refers to missing ${what} ${urn}`);
    }
    const { provider } = resource;
    if (provider !== undefined && provider !== '' && !providers.has(provider)) {
      throw broken(`resource ${resource.urn} refers to unknown provider ${provider}`);
    }
    if (resource.delete !== true && seen.has(`live ${resource.urn}`)) {
      throw broken(`duplicate resource ${resource.urn} (not marked for deletion)`);
    }
    if (resource.delete !== true) seen.add(`live ${resource.urn}`);
    seen.add(resource.urn);
    if (resource.type.startsWith('pulumi:providers:')) providers.add(`${resource.urn}::${resource.id ?? ''}`);
  }
}

function restsOn(resource: ResourceState): [what: string, urn: string][] {
  const named: [string, string | undefined][] = [
    ['parent', resource.parent],
    ['deletedWith', resource.deletedWith],
    ...(resource.dependencies ?? []).map((urn): [string, string] => ['dependency', urn]),
    ...Object.values(resource.propertyDependencies ?? {})
      .flat()
      .map((urn): [string, string] => ['property dependency', urn]),
  ];
  return named.flatMap(([what, urn]) => (urn === undefined || urn === '' ? [] : [[what, urn]]));
}

function broken(reason: string): Refusal {
  return new Refusal(`snapshot integrity failure; refusing to use it: ${reason}`);
}
