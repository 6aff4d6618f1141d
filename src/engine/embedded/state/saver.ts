import type { Snapshot } from '../resource';
import type { StackPaths } from './backend';
import { checkpointText } from './checkpoint';
import { type Write, writeDurably } from './file';
import type { Crypter } from './secret';
import { backUp, qualifiedName } from './stack-state';

/** How long an outcome may wait for company before it is written, in milliseconds of wall time. */
const PATIENCE = 5;

/** Writes a stack's state while an operation runs. */
export interface Saver {
  /**
   * Resolves once it is safe to go on: where the snapshot has a new pending operation, when that is on disk (the effect comes
   * next); otherwise at once, and the outcome is written a few milliseconds later, together with what follows.
   * Rejects when a write failed, now or before: the state on disk is then an older one, and no further effect may begin.
   */
  save(snapshot: Snapshot): Promise<void>;
  /** Writes what is still unwritten and ends; rejects like `save`. */
  close(): Promise<void>;
}

/** Opens a saver for one operation on one stack. At most one write is under way; saves that come meanwhile share the next. */
export function openSaver(
  paths: StackPaths,
  state: { readonly crypter: Crypter; readonly metadata: unknown },
  write: Write = writeDurably,
): Saver {
  let newest: Snapshot | undefined;
  let announced = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let isBackedUp = false;
  let broken: { readonly error: unknown } | undefined;

  const writeNewest = async (): Promise<void> => {
    while (newest !== undefined && broken === undefined) {
      const snapshot = newest;
      newest = undefined;
      try {
        if (!isBackedUp) await backUp(paths);
        isBackedUp = true;
        const { crypter, metadata } = state;
        await write(
          paths.checkpoint,
          checkpointText({ stack: qualifiedName(paths), snapshot, metadata }, crypter),
        );
      } catch (error) {
        broken = { error };
      }
    }
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    do {
      writing ??= writeNewest().finally(() => {
        writing = undefined;
      });
      await writing;
      // A save may have come between the last look and here.
    } while (newest !== undefined && broken === undefined);
    if (broken !== undefined) throw broken.error;
  };

  return {
    async save(snapshot) {
      if (broken !== undefined) throw broken.error;
      newest = snapshot;
      const before = announced;
      announced = new Set(snapshot.pendingOperations.map(({ type, resource }) => `${type} ${resource.urn}`));
      for (const operation of announced) if (!before.has(operation)) return flush();
      timer ??= setTimeout(() => {
        // A failure stays in `broken`: the next save or close reports it.
        flush().catch(() => undefined);
      }, PATIENCE);
    },
    async close() {
      await flush();
    },
  };
}
