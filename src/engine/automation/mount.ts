import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledFolder } from '../../vendor/compile';
import type { Operation, ProgramComponent } from '../port';
import type { ComponentModule } from './program';

/**
 * Puts the compiled content of a stack's components at a path that is the same for every track and release,
 * `.signalbox/mount/<stack>/<component>`, because file assets carry their path into the state.
 */
export function mount(
  root: string,
  operation: Operation,
  require: NodeJS.Require,
): { component(component: ProgramComponent): ComponentModule; release(): void } {
  const folder = join(root, '.signalbox', 'mount', operation.stack);
  return {
    component(component) {
      const at = join(folder, component.name);
      place(compiledFolder(root, component.digest), at, component.digest);
      return require(join(at, 'index.js')) as ComponentModule;
    },
    release() {
      for (const path of Object.keys(require.cache))
        if (path.startsWith(`${folder}/`)) delete require.cache[path];
    },
  };
}

function place(from: string, to: string, digest: string): void {
  const stamp = `${to}.digest`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  rmSync(stamp, { force: true });
  rmSync(to, { recursive: true, force: true });
  mkdirSync(join(to, '..'), { recursive: true, mode: 0o700 });
  const half = `${to}.${process.pid}`;
  cpSync(from, half, { recursive: true });
  renameSync(half, to);
  writeFileSync(stamp, digest);
}
