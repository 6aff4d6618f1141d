import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Holder } from './port';

/** This process as a holder of leases. */
export function thisProcess(actor: string): Holder {
  const holder = { actor, host: hostname(), pid: process.pid };
  const started = startOf(process.pid);
  return started === undefined ? holder : { ...holder, started };
}

/** False only when the holder's process is surely gone; a process of another host or container counts as alive. */
export function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  if (holder.started === undefined) return hasProcess(holder.pid);
  if (scopeOf(holder.started) !== scopeOf(startOf(process.pid) ?? '')) return true;
  return startOf(holder.pid) === holder.started;
}

/**
 * When a process started, as `<scope> <start>`; undefined when there is no such process (or no way to know).
 * Only starts of one scope can be compared: on Linux one boot and one pid namespace, elsewhere the host.
 */
function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

const scopeOf = (started: string): string => started.split(' ', 1)[0] ?? '';

function startFromProc(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid'));
  if (stat === undefined) return undefined;
  // The second field, the command's name in parentheses, may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  // A zombie is dead; it is only waiting for its parent.
  return state === 'Z' || state === 'X' ? undefined : `${boot}/${namespace} ${ticks}`;
}

function startFromPs(pid: number): string | undefined {
  const text = attempt(() =>
    execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 2000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim(),
  );
  return text ? `host ${text}` : undefined;
}

function hasProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined; // not there, or hidden from us
  }
}
