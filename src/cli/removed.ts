import { existsSync, readFileSync } from 'node:fs';
import type { Fleet } from '../core/fleet';
import type { Session } from './session';

/**
 * Stacks that no file describes any more and that still run something by the ledger. A state that can be read here and holds
 * nothing ends that: whoever destroyed it did so with plain Pulumi. Errors: a state file that is no JSON.
 */
export function removedStacks(session: Pick<Session, 'root' | 'project'>, { stacks }: Fleet): string[] {
  return [...stacks].flatMap(([name, { contents }]) =>
    contents && !Object.hasOwn(session.project.stacks, name) && mayRun(session, name) ? [name] : [],
  );
}

function mayRun({ root, project }: Pick<Session, 'root' | 'project'>, stack: string): boolean {
  // Loaded only where a stack is missing: `status` must start fast.
  const { backendOf } =
    require('../engine/automation/backend') as typeof import('../engine/automation/backend');
  const state =
    require('../engine/embedded/state/backend') as typeof import('../engine/embedded/state/backend');
  const url = backendOf(root, project);
  if (!url.startsWith('file://')) return true;
  const folder = state.backendOf({ PULUMI_BACKEND_URL: url }, root);
  const { checkpoint: file } = state.stackPaths(folder, stack, project.name);
  if (!existsSync(file)) return false;
  const { checkpoint } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly checkpoint?: { readonly latest?: { readonly resources?: readonly unknown[] } | null };
  };
  return (checkpoint?.latest?.resources ?? []).length > 0;
}
