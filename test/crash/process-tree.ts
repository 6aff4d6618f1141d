import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Living processes whose parent is this one. */
export const childrenOf = (parent: number): number[] =>
  pids().filter((pid) => statOf(pid)?.parent === parent);

/** Living processes that work on this folder: it is their working directory's, or in their command line. */
export function workingIn(folder: string): number[] {
  return pids().filter((pid) => {
    if (pid === process.pid || !statOf(pid)) return false;
    return workingFolder(pid) === folder || read(`/proc/${pid}/cmdline`)?.includes(`${folder}\0`) === true;
  });
}

/** Whether the process was there to be killed. */
export function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

export const isAlive = (pid: number): boolean => statOf(pid) !== undefined;

const pids = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It ended between the listing and the look.
    return undefined;
  }
}

/** A zombie is dead; it only waits for its parent. */
function statOf(pid: number): { readonly parent: number } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const [state = 'Z', parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === 'Z' || state === 'X' ? undefined : { parent: Number(parent) };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended between the listing and the look.
    return undefined;
  }
}
