import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * The folders that Node looks for packages in from `folder`, and where the links in them lead: what a program there has to
 * be able to read, besides itself.
 */
export function packageFolders(folder: string): string[] {
  const folders = new Set<string>();
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, 'node_modules');
    if (existsSync(modules)) for (const path of [modules, ...linked(modules)]) folders.add(path);
    if (at === dirname(at)) return [...folders];
  }
}

/** Where a link to a package leads, or one to all of them: every step of it, and the end. */
function linked(modules: string): string[] {
  const scopes = readdirSync(modules).filter((name) => name.startsWith('@'));
  const entries = [modules, ...scopes.map((scope) => join(modules, scope))].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true }).map((entry) => ({ entry, path: join(folder, entry.name) })),
  );
  const links = entries.filter(({ entry }) => entry.isSymbolicLink()).map(({ path }) => path);
  // One that leads nowhere is no package.
  return [modules, ...links].filter((path) => existsSync(path)).flatMap(steps);
}

function steps(path: string): string[] {
  if (!lstatSync(path).isSymbolicLink()) return [realpathSync(path)];
  const next = resolve(dirname(path), readlinkSync(path));
  return [next, ...steps(next)];
}
