import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Which processes of ours work on which stack: what tells a lock of our own dead run from anybody else's. */
export class Runs {
  constructor(private readonly folder: string) {}

  /** Before the process takes a lock. */
  begin(stack: string, pid: number): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const pids = [...this.pids(stack).filter((known) => known !== pid), pid].slice(-8);
    // Renamed into place: a note that a kill cut short would disown the locks of all of them.
    const draft = `${this.file(stack)}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ hostname: hostname(), pids }), { mode: 0o600 });
    renameSync(draft, this.file(stack));
  }

  /** Once its lock is gone. */
  end(stack: string): void {
    rmSync(this.file(stack), { force: true });
  }

  isOurs(stack: string, lock: { readonly pid: number; readonly hostname: string }): boolean {
    return lock.hostname === hostname() && this.pids(stack).includes(lock.pid);
  }

  private pids(stack: string): readonly number[] {
    try {
      return (JSON.parse(readFileSync(this.file(stack), 'utf8')) as { pids: number[] }).pids;
    } catch {
      // No run of ours on record: nothing is ours.
      return [];
    }
  }

  private file(stack: string): string {
    return join(this.folder, `${stack}.json`);
  }
}
