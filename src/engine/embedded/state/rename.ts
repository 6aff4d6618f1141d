import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mapReferences } from '../reference';
import type { ResourceState, Snapshot } from '../resource';
import { mapValues } from '../wire';
import { namesIn, type StackPaths } from './backend';
import { removeFile } from './file';

const ROOT = 'pulumi:pulumi:Stack::';

/** A stack's state under another name: its own URNs, those it is referred to by, and the name of the stack itself. */
export function renamedSnapshot(snapshot: Snapshot, from: StackPaths, to: StackPaths): Snapshot {
  const move = (urn: string): string => movedUrn(urn, from, to);
  return {
    resources: snapshot.resources.map((state) => movedState(state, move)),
    pendingOperations: snapshot.pendingOperations.map(({ type, resource }) => ({
      type,
      resource: movedState(resource, move),
    })),
  };
}

/** Takes the updates of a stack along to its new name. */
export async function moveHistory(from: StackPaths, to: StackPaths): Promise<void> {
  const prefix = `${from.stack}-`;
  const names = (await namesIn(from.history)).filter(
    (name) => name.startsWith(prefix) && name.lastIndexOf('-') === prefix.length - 1,
  );
  if (names.length > 0) await mkdir(to.history, { recursive: true });
  for (const name of names) {
    await copyFile(join(from.history, name), join(to.history, `${to.stack}-${name.slice(prefix.length)}`));
  }
  // A file's attributes go with it.
  for (const name of names) await removeFile(join(from.history, name));
}

function movedUrn(urn: string, from: StackPaths, to: StackPaths): string {
  const prefix = `urn:pulumi:${from.stack}::${from.project}::`;
  if (!urn.startsWith(prefix)) return urn;
  const rest = urn.slice(prefix.length);
  const moved = rest.startsWith(ROOT) ? `${ROOT}${to.project}-${to.stack}` : rest;
  return `urn:pulumi:${to.stack}::${to.project}::${moved}`;
}

function movedState(state: ResourceState, move: (urn: string) => string): ResourceState {
  const moved: ResourceState = { ...state, urn: move(state.urn) };
  for (const key of ['parent', 'deletedWith', 'provider'] as const) {
    const value = state[key];
    if (value !== undefined) moved[key] = move(value);
  }
  for (const key of ['dependencies', 'replaceWith', 'aliases'] as const) {
    const value = state[key];
    if (value !== undefined) moved[key] = value.map(move);
  }
  if (state.propertyDependencies !== undefined) {
    const entries = Object.entries(state.propertyDependencies);
    moved.propertyDependencies = Object.fromEntries(entries.map(([key, urns]) => [key, urns.map(move)]));
  }
  for (const key of ['inputs', 'outputs'] as const) {
    const value = state[key];
    if (value === undefined) continue;
    moved[key] = mapValues(value, (item) =>
      mapReferences(item, (reference) => ({ ...reference, urn: move(String(reference['urn'] ?? '')) })),
    );
  }
  return moved;
}
