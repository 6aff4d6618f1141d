import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { readProjectFile } from '../embedded/state/project-file';

/**
 * The path of a stack's own file where it is missing, undefined where it is there. The CLI takes a missing one for an empty
 * one: no configuration, another salt, and with that a change of everything. Errors: no `Pulumi.yaml`, or a broken one.
 */
export async function missingStackFile(root: string, stack: string): Promise<string | undefined> {
  const project = await readProjectFile(root);
  if (!project) throw new Error(`there is no Pulumi.yaml in ${root}`);
  const base = resolve(root, project.stackConfigDir ?? '.');
  const paths = ['yaml', 'yml', 'json'].map((extension) => join(base, `Pulumi.${stack}.${extension}`));
  return paths.some(existsSync) ? undefined : relative(root, paths[0] ?? base);
}
