import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const MB = 1024 ** 2;
/** Ticks of `/proc/<pid>/stat` in one second; the same on every Linux that Node runs on. */
const TICKS = 100;

/** What a command and everything it started took. `cpu` and `memory` are undefined where nobody looked, or there is no /proc. */
export interface Taken {
  /** Seconds from start to end. */
  readonly wall: number;
  /** Seconds of processor time of all processes. */
  readonly cpu: number | undefined;
  /** The most memory of all processes together, in MB (proportional set size: shared pages count once). */
  readonly memory: number | undefined;
  readonly code: number | null;
  readonly isLate: boolean;
  readonly output: string;
  readonly errors: string;
}

/**
 * What is looked at all the while. Looking for memory costs the machine a tenth and more, the more processes there are: what
 * takes time is measured without it.
 */
export type Look = 'cpu' | 'memory';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which it is killed. */
  readonly limit: number;
  readonly look?: Look | 'nothing';
}

/** How often the processes are looked at, in milliseconds. */
const EVERY = 200;

/** Runs a command to its end, looking at it and its descendants all the while. */
export function measure({ file, args, cwd, env, limit, look = 'cpu' }: Command): Promise<Taken> {
  const started = performance.now();
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = textOf(child, 'stdout');
  const errors = textOf(child, 'stderr');
  const watch = look === 'nothing' ? undefined : watching(child, look);
  let isLate = false;
  const killer = setTimeout(() => {
    isLate = true;
    // Hanging up is enough for the children: they leave with their driver.
    child.kill('SIGKILL');
  }, limit);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(killer);
      const wall = (performance.now() - started) / 1000;
      resolve({ wall, ...watch?.(), code, isLate, output: output(), errors: errors() } as Taken);
    });
  });
}

function textOf(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  const parts: Buffer[] = [];
  child[stream]?.on('data', (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString('utf8');
}

/** Looks at a process and its descendants until the returned function is called. */
function watching(child: ChildProcess, at: Look): () => Pick<Taken, 'cpu' | 'memory'> {
  const ticks = new Map<number, number>();
  let memory = 0;
  const look = (): void => {
    if (child.pid === undefined) return;
    const family = familyOf(child.pid);
    for (const { pid, spent } of family) ticks.set(pid, spent);
    if (at === 'cpu') return;
    memory = Math.max(
      memory,
      family.reduce((sum, { pid }) => sum + memoryOf(pid), 0),
    );
  };
  const timer = setInterval(look, EVERY);
  return () => {
    clearInterval(timer);
    const isSeen = ticks.size > 0;
    const cpu = [...ticks.values()].reduce((sum, spent) => sum + spent, 0) / TICKS;
    return { cpu: isSeen ? cpu : undefined, memory: memory > 0 ? memory / MB : undefined };
  };
}

function familyOf(root: number): { readonly pid: number; readonly spent: number }[] {
  const all = processes();
  const family = new Set([root]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

function processes(): { readonly pid: number; readonly parent: number; readonly spent: number }[] {
  return names().flatMap((name) => {
    const text = read(`/proc/${name}/stat`);
    if (text === undefined) return [];
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid: Number(name), parent: Number(fields[1]), spent: Number(fields[11]) + Number(fields[12]) }];
  });
}

function memoryOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function names(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    // No /proc on this system: time is all that is measured.
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process ended between the listing and the look.
    return undefined;
  }
}
