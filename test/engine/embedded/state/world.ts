import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backendIn, type StackPaths, stackPaths } from '../../../../src/engine/embedded/state/backend';

/** A folder for one test, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-state-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function pathsIn(root: string, stack = 'dev'): StackPaths {
  return stackPaths(backendIn(root), stack, 'shop');
}

/** The promise's refusal, as text; fails where there is none. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('expected a refusal, but it went through');
}
