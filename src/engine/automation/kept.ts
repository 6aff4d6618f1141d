import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '../port';

/** Where the configuration of an update lies, relative to the repository. */
export const keptAt = (deployment: string): string => join('.signalbox', 'updates', `${deployment}.json`);

/**
 * Keeps what a stack's program was given by an update that succeeded: today's configuration may not fit an older release.
 * References stand as they are written, so no secret's value is in it; values of variables are left out.
 */
export function keep(root: string, { components, providers, outputs, deployment, stack }: Operation): void {
  const file = join(root, keptAt(deployment));
  mkdirSync(join(root, '.signalbox', 'updates'), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify({ stack, components, providers, outputs }, null, 2)}\n`, {
    mode: 0o600,
  });
}
