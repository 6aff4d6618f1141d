import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compiledFolder } from '../../vendor/compile';
import type { Operation, ProgramComponent } from '../port';
import { lockMount } from './mount-lock';
import type { ComponentModule } from './program';

export interface Mount {
  component(component: ProgramComponent): ComponentModule;
  /** Forgets the loaded modules and lets others in: the next operation on the stack may run other content at the same path. */
  release(): void;
}

/**
 * Puts the compiled content of a stack's components at a path that is the same for every track and release,
 * `.signalbox/mount/<stack>/<component>`, because file assets carry their path into the state. One process at a time runs
 * from there, since another command may want another release. Errors: `MountInUse` where the signal ends the wait for it.
 */
export async function mount(
  root: string,
  operation: Operation,
  require: NodeJS.Require,
  signal?: AbortSignal,
): Promise<Mount> {
  const folder = join(root, '.signalbox', 'mount', operation.stack);
  const unlock = await lockMount(`${folder}.lock`, signal);
  const release = (): void => {
    for (const path of Object.keys(require.cache)) {
      if (path.startsWith(`${folder}/`)) delete require.cache[path];
    }
    unlock();
  };
  try {
    for (const { name, digest } of operation.components) {
      const compiled = await compiledFolder(root, digest);
      if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join('; '));
      place(compiled.value, join(folder, name), digest);
    }
  } catch (error) {
    release();
    throw error;
  }
  return {
    component: ({ name }) => require(join(folder, name, 'index.js')) as ComponentModule,
    release,
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
