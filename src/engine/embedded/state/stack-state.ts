import { randomUUID } from 'node:crypto';
import { copyFile, rename } from 'node:fs/promises';
import type { WireObject } from '../provider';
import type { Snapshot } from '../resource';
import { namesIn, ORGANIZATION, prepareBackend, readIfThere, type StackPaths } from './backend';
import { type Checkpoint, checkpointText, parseCheckpoint } from './checkpoint';
import { isCode, removeFile, type Write, writeDurably } from './file';
import { refuseBroken } from './integrity';
import { Refusal } from './refusal';
import { moveHistory, renamedSnapshot } from './rename';
import { type Crypter, openCrypter } from './secret';

/** Whether there is such a stack. */
export async function stackExists(paths: StackPaths): Promise<boolean> {
  return (await readIfThere(paths.checkpoint)) !== undefined;
}

/** The stack's state, undefined where there is no such stack; a Refusal where it cannot be understood in full. */
export async function readStack(
  paths: StackPaths,
  passphrase: () => string,
): Promise<Checkpoint | undefined> {
  await prepareBackend(paths.backend);
  const text = await readIfThere(paths.checkpoint);
  if (text === undefined) {
    if (await isCompressed(paths))
      throw new Refusal('the embedded engine does not support compressed checkpoints (.json.gz, .json.zst)');
    return undefined;
  }
  const checkpoint = await parseCheckpoint(text, (salt) => openCrypter(passphrase(), salt));
  refuseBroken(checkpoint.snapshot);
  return checkpoint;
}

/** Like readStack, where the stack must be there: the real CLI's refusal otherwise, with its exit code. */
export async function requireStack(paths: StackPaths, passphrase: () => string): Promise<Checkpoint> {
  const checkpoint = await readStack(paths, passphrase);
  if (checkpoint === undefined) throw noSuchStack(paths.stack);
  return checkpoint;
}

export function noSuchStack(stack: string): Refusal {
  return new Refusal(`no stack named '${stack}' found`, 6);
}

/** Replaces the stack's state; the state before it stays beside it as `.bak`, as with the real CLI. */
export async function writeStack(
  paths: StackPaths,
  state: { readonly snapshot: Snapshot; readonly metadata: unknown; readonly crypter: Crypter },
  write: Write = writeDurably,
): Promise<void> {
  await backUp(paths);
  await write(paths.checkpoint, checkpointText({ ...state, stack: qualifiedName(paths) }, state.crypter));
}

/** Removes the stack with its history and tags; its last state stays as `.bak`, as with the real CLI. */
export async function removeStack(paths: StackPaths): Promise<void> {
  await backUp(paths);
  await removeFile(paths.checkpoint);
  await removeFile(paths.tags);
  for (const name of await namesIn(paths.history)) await removeFile(`${paths.history}/${name}`);
}

/** Replaces a stack by the same state under another name; the old one's last state stays as `.bak`, as with the real CLI. */
export async function renameStack(
  from: StackPaths,
  to: StackPaths,
  state: { readonly snapshot: Snapshot; readonly metadata: unknown; readonly crypter: Crypter },
): Promise<void> {
  await writeStack(to, { ...state, snapshot: renamedSnapshot(state.snapshot, from, to) });
  await backUp(from);
  await removeFile(from.checkpoint);
  await moveHistory(from, to);
}

/** Keeps a copy of the state that the next write replaces; whole at any moment, as the state itself. */
export async function backUp(paths: StackPaths): Promise<void> {
  const draft = `${paths.checkpoint}.${randomUUID()}.tmp`;
  try {
    await copyFile(paths.checkpoint, draft);
    await rename(draft, `${paths.checkpoint}.bak`);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

/** Outputs of the stack as of its last update, secrets as signature objects; empty before the first. */
export function outputsOf(snapshot: Snapshot): WireObject {
  return (
    snapshot.resources.find(({ type, delete: isGoing }) => type === 'pulumi:pulumi:Stack' && isGoing !== true)
      ?.outputs ?? {}
  );
}

export function qualifiedName(paths: StackPaths): string {
  return `${ORGANIZATION}/${paths.project}/${paths.stack}`;
}

async function isCompressed(paths: StackPaths): Promise<boolean> {
  for (const extension of ['.gz', '.zst']) {
    if ((await readIfThere(`${paths.checkpoint}${extension}`)) !== undefined) return true;
  }
  return false;
}
