import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { NamedLock } from './lock-text';

/** How far a clock may have been set back between the start of a process and its lock, in milliseconds. */
const SLACK = 60_000;

/** Where a process notes its own number, and since when a lock can be its own (ms since 1970). */
export interface RunNote {
  readonly file: string;
  readonly since: number;
}

type Line =
  | { readonly is: 'run'; readonly pid: number; readonly since: number }
  | { readonly is: 'failed'; readonly deployment: string };

/**
 * Which processes of ours work on which stack: what tells a lock of our own dead run from anybody else's. A file a stack, a
 * line a fact; each is appended at once, so that a kill leaves it out or whole.
 */
export class Runs {
  constructor(private readonly folder: string) {}

  /** Before this process takes a lock. */
  begin(stack: string, pid: number): void {
    const { file, since } = this.noting(stack);
    appendFileSync(file, `run ${pid} ${since}\n`, { mode: 0o600 });
  }

  /** For a process that notes `run <pid> <since>` by itself, before it becomes what may take a lock. */
  noting(stack: string): RunNote {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    return { file: this.file(stack), since: Date.now() };
  }

  /** The update failed by itself: it was not stopped, nor was its process. */
  failed(stack: string, deployment: string): void {
    appendFileSync(this.noting(stack).file, `failed ${deployment}\n`, { mode: 0o600 });
  }

  /** Whether the newest run on the stack was this update, and failed by itself. */
  hasFailed(stack: string, deployment: string): boolean {
    const last = this.lines(stack).at(-1);
    return last?.is === 'failed' && last.deployment === deployment;
  }

  /** Once its lock is surely gone. */
  end(stack: string): void {
    rmSync(this.file(stack), { force: true });
  }

  /** Whether a process of ours took the lock. An older lock under the same number was another process's. */
  isOurs(stack: string, lock: Omit<NamedLock, 'username'>): boolean {
    if (lock.hostname !== hostname()) return false;
    const taken = Date.parse(lock.timestamp) + SLACK;
    return this.lines(stack).some(
      (line) => line.is === 'run' && line.pid === lock.pid && taken >= line.since,
    );
  }

  private lines(stack: string): Line[] {
    let text: string;
    try {
      text = readFileSync(this.file(stack), 'utf8');
    } catch {
      // No run of ours on record: nothing is ours.
      return [];
    }
    return text.split('\n').flatMap((line): Line[] => {
      const [word, first = '', second] = line.split(' ');
      if (word === 'run') return [{ is: 'run', pid: Number(first), since: Number(second) }];
      return word === 'failed' ? [{ is: 'failed', deployment: first }] : [];
    });
  }

  private file(stack: string): string {
    return join(this.folder, `${stack}.log`);
  }
}
