import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bad } from './checked';
import type { Checked } from './port';

const held = new Set<string>();

/**
 * Runs `act` while no other process does the same for `path`. The file holds the process's number; one that a dead
 * process left is taken over. Problem: a living process has it.
 */
export function exclusively<T>(path: string, act: () => Checked<T>): Checked<T> {
  mkdirSync(dirname(path), { recursive: true });
  if (!take(path)) {
    const owner = ownerOf(path);
    if (owner !== undefined && isAlive(owner, path))
      return bad({
        message: `process ${owner} is changing this track right now`,
        rule: 'vendor-busy',
        remedy: 'wait until it has ended, then run the same command again',
      });
    rmSync(path, { force: true });
    if (!take(path))
      return bad({ message: 'another process is changing this track right now', rule: 'vendor-busy' });
  }
  held.add(path);
  try {
    return act();
  } finally {
    held.delete(path);
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(path: string): number | undefined {
  try {
    const owner = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return owner > 0 ? owner : undefined;
  } catch {
    // Its owner removed it meanwhile: nobody holds it.
    return undefined;
  }
}

function isAlive(owner: number, path: string): boolean {
  // Our own number in a file we do not hold: an earlier process had the same one.
  if (owner === process.pid) return held.has(path);
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
