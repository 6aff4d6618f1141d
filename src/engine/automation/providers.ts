import type { ProviderHost } from '../embedded/provider';
import type { ChildSettings } from './message';

/** Where the embedded engine's providers come from: the sandbox cloud, where the project has one. */
export function providersOf(settings: ChildSettings): ProviderHost {
  const { sandbox } = settings;
  if (!sandbox) return async () => undefined;
  // Only where they are needed: they are much of what a child loads.
  const { openCloud } = require('../sandbox/cloud') as typeof import('../sandbox/cloud');
  const { sandboxHost } = require('../sandbox/host') as typeof import('../sandbox/host');
  const cloud = openCloud(sandbox.file, sandbox);
  return sandboxHost(cloud);
}
