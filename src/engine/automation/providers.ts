import type { ProviderHost } from '../embedded/provider';
import { openCloud } from '../sandbox/cloud';
import { sandboxHost } from '../sandbox/host';
import type { ChildSettings } from './message';

/** Where the embedded engine's providers come from: the sandbox cloud, where the project has one. */
export function providersOf(settings: ChildSettings): ProviderHost {
  const { sandbox } = settings;
  if (!sandbox) return async () => undefined;
  const cloud = openCloud(sandbox.file, sandbox);
  return sandboxHost(cloud);
}
