import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How the state room writes; a test puts a writer here that dies at a chosen point. */
export type Write = (path: string, content: string, options?: WriteOptions) => Promise<void>;

export interface WriteOptions {
  /** Keep `<file>.attrs` beside it, as the real CLI does in a backend. */
  readonly attributes?: boolean;
}

/**
 * Replaces a file so that whoever reads it, a killed process later included, finds the old content or the new: a temporary
 * file beside it, flushed, then renamed. The real CLI keeps a file's attributes in `<file>.attrs`, so this does too.
 */
export const writeDurably: Write = async (path, content, { attributes = true } = {}) => {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFlushed(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
  if (attributes) await writeFile(`${path}.attrs`, attributesOf(content));
};

/** Removes a file and its attributes; a file that is not there is no error. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.attrs`, { force: true });
}

/** Creates a file that must not exist yet, whole from its first moment; false where it does. */
export async function createFile(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFlushed(temporary, content);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Whether a file system error has this code (`ENOENT`, …). */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function writeFlushed(path: string, content: string): Promise<void> {
  const file = await openCreatingFolder(path);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function openCreatingFolder(path: string) {
  try {
    return await open(path, 'w');
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'w');
  }
}

/** Makes the rename itself durable. Windows cannot open folders, and needs no flush. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function attributesOf(content: string): string {
  return `${JSON.stringify({
    'user.cache_control': '',
    'user.content_disposition': '',
    'user.content_encoding': '',
    'user.content_language': '',
    'user.content_type': 'text/plain; charset=utf-8',
    'user.metadata': null,
    md5: createHash('md5').update(content).digest('base64'),
  })}\n`;
}
