import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

interface Note {
  readonly pids: readonly number[];
  /** Deployment id of an update that failed by itself. */
  readonly failed?: string;
}

/** Which processes of ours work on which stack: what tells a lock of our own dead run from anybody else's. */
export class Runs {
  constructor(private readonly folder: string) {}

  /** Before the process takes a lock. */
  begin(stack: string, pid: number): void {
    const pids = [...this.note(stack).pids.filter((known) => known !== pid), pid].slice(-8);
    this.write(stack, { pids });
  }

  /** The update failed by itself: it was not stopped, nor was its process. */
  failed(stack: string, deployment: string): void {
    this.write(stack, { pids: this.note(stack).pids, failed: deployment });
  }

  hasFailed(stack: string, deployment: string): boolean {
    return this.note(stack).failed === deployment;
  }

  /** Once its lock is surely gone. */
  end(stack: string): void {
    rmSync(this.file(stack), { force: true });
  }

  isOurs(stack: string, lock: { readonly pid: number; readonly hostname: string }): boolean {
    return lock.hostname === hostname() && this.note(stack).pids.includes(lock.pid);
  }

  private note(stack: string): Note {
    try {
      return JSON.parse(readFileSync(this.file(stack), 'utf8')) as Note;
    } catch {
      // No run of ours on record: nothing is ours.
      return { pids: [] };
    }
  }

  /** Renamed into place: a note that a kill cut short would disown the locks of all of them. */
  private write(stack: string, note: Note): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const draft = `${this.file(stack)}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ hostname: hostname(), ...note }), { mode: 0o600 });
    renameSync(draft, this.file(stack));
  }

  private file(stack: string): string {
    return join(this.folder, `${stack}.json`);
  }
}
