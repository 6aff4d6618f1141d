import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compiledFolder } from '../../vendor/compile';
import type { Operation, ProgramComponent } from '../port';
import type { ComponentModule } from './program';

export interface Mount {
  component(component: ProgramComponent): ComponentModule;
  /** Forgets the loaded modules: the next operation on the stack may run other content at the same path. */
  release(): void;
}

/**
 * Puts the compiled content of a stack's components at a path that is the same for every track and release,
 * `.signalbox/mount/<stack>/<component>`, because file assets carry their path into the state.
 */
export async function mount(root: string, operation: Operation, require: NodeJS.Require): Promise<Mount> {
  const folder = join(root, '.signalbox', 'mount', operation.stack);
  for (const { name, digest } of operation.components) {
    const compiled = await compiledFolder(root, digest);
    if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join('; '));
    place(compiled.value, join(folder, name), digest);
  }
  return {
    component: ({ name }) => require(join(folder, name, 'index.js')) as ComponentModule,
    release() {
      for (const path of Object.keys(require.cache)) {
        if (path.startsWith(`${folder}/`)) delete require.cache[path];
      }
    },
  };
}

/** The stamp is written last and removed first: a half-made copy is never taken for a whole one. */
function place(from: string, to: string, digest: string): void {
  const stamp = `${to}.digest`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  const draft = `${to}.${process.pid}`;
  rmSync(stamp, { force: true });
  rmSync(to, { recursive: true, force: true });
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  cpSync(from, draft, { recursive: true });
  renameSync(draft, to);
  writeFileSync(stamp, digest);
}
