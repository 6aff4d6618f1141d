import { SemVer } from 'semver';
import { INTERNAL } from './provider-registry';
import type { ResourceState } from './resource';
import { isProviderType, providerPackage } from './urn';

/** A package as a request names it; version and URL are empty where the request leaves them to the engine. */
export interface PackageRequest {
  readonly name: string;
  readonly version: string;
  /** Where its plugin is downloaded from. */
  readonly url: string;
}

/**
 * What a request means that leaves version or URL open: of each package the newest that the state was made with, by name.
 * Source: the real engine, for programs whose language host lists no packages (inline ones never do).
 */
export function knownPackages(resources: readonly ResourceState[]): Map<string, PackageRequest> {
  const known = new Map<string, PackageRequest>();
  for (const { type, inputs = {} } of resources) {
    if (!isProviderType(type)) continue;
    const name = providerPackage(type);
    const { version, [INTERNAL]: internal } = inputs;
    const url =
      typeof internal === 'object' && internal !== null ? Object(internal)['pluginDownloadURL'] : '';
    const found = {
      name,
      version: typeof version === 'string' ? version : '',
      url: typeof url === 'string' ? url : '',
    };
    if (!isNewer(known.get(name), found)) known.set(name, found);
  }
  return known;
}

/** Of equal ones the later in the state counts. */
function isNewer(one: PackageRequest | undefined, other: PackageRequest): boolean {
  if (one === undefined || one.version === '') return false;
  return other.version === '' || new SemVer(one.version).compare(other.version) > 0;
}

/** `default_7_48_0`: the engine's own name for its provider of a package. */
export function defaultName({ version, url }: PackageRequest): string {
  const parts = version === '' ? [] : version.split(/[.+-]/);
  return ['default', ...parts, ...(url === '' ? [] : [nameOf(url)])].join('_');
}

/** A URL as a name: what a name may not hold becomes `_`, slashes stay, empty segments go. */
function nameOf(url: string): string {
  const segments = url.split('/').filter((segment) => segment !== '');
  const names = segments.map((segment) => segment.replace(/[^\w.-]/g, '_'));
  return names.join('/') || '_';
}
