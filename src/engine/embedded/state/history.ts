import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, readIfThere, type StackPaths } from './backend';
import { type Write, writeDurably } from './file';

/** One update as the real CLI keeps it; `message` is verbatim, times are Unix seconds. */
export interface HistoryEntry {
  readonly kind: 'update' | 'refresh' | 'destroy';
  readonly startTime: number;
  readonly message: string;
  readonly environment: Readonly<Record<string, string>>;
  /** As in the stack file: plain values, `{secure}` where encrypted. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly result: 'succeeded' | 'failed';
  readonly endTime: number;
  readonly resourceChanges?: Readonly<Record<string, number>>;
}

/** Adds an update that ended, with a copy of the checkpoint it left. */
export async function addHistory(
  paths: StackPaths,
  entry: HistoryEntry,
  write: Write = writeDurably,
): Promise<void> {
  const prefix = join(paths.history, `${paths.stack}-${nanoseconds()}`);
  await mkdir(paths.history, { recursive: true });
  await write(`${prefix}.history.json`, JSON.stringify(entry));
  await copyFile(paths.checkpoint, `${prefix}.checkpoint.json`);
}

/** The newest first; without a page size, all. Pages count from 1. Reads no more files than asked for. */
export async function readHistory(
  paths: StackPaths,
  page: { readonly size?: number; readonly number?: number } = {},
): Promise<HistoryEntry[]> {
  const names = (await namesIn(paths.history))
    .filter((name) => name.endsWith('.history.json'))
    .sort()
    .reverse();
  const size = page.size ?? names.length;
  const start = (Math.max(page.number ?? 1, 1) - 1) * size;
  const entries: HistoryEntry[] = [];
  for (const name of names.slice(start, start + size)) {
    const content = await readIfThere(join(paths.history, name));
    if (content !== undefined) entries.push(JSON.parse(content));
  }
  return entries;
}

/** Wall time in Unix nanoseconds: it names files, in the order of their writing. */
function nanoseconds(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
