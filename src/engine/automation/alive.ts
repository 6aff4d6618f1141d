import { readFileSync } from 'node:fs';

/** Whether a process of this number is at work. A zombie is not: it only waits for a parent that may never collect it. */
export function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return stateOf(pid) !== 'Z';
}

/** The letter that Linux has for it; undefined elsewhere. */
function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name, in parentheses, may itself hold spaces and parentheses.
    return stat.at(stat.lastIndexOf(')') + 2);
  } catch {
    return undefined;
  }
}
