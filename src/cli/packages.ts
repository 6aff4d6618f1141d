import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Versions of the Pulumi SDK and its provider packages that programs of this repository run with, by name. */
export function packageVersions(root: string): Readonly<Record<string, string>> {
  const folder = join(root, 'node_modules', '@pulumi');
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .flatMap((name) => {
        const file = join(folder, name, 'package.json');
        if (!existsSync(file)) return [];
        const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
        return [[`@pulumi/${name}`, version] as const];
      }),
  );
}
