import { bad } from './checked';
import type { Checked } from './port';
import { lockProcess } from './process-lock';

/** Runs `act` while nobody else does the same for the lock file `path`. Problem: a living process has it. */
export function exclusively<T>(path: string, act: () => Checked<T>): Checked<T> {
  const unlock = lockProcess(path);
  if (!unlock)
    return bad({
      message: 'another process is changing this track right now',
      rule: 'vendor-busy',
      remedy: 'wait until it has ended, then run the same command again',
    });
  try {
    return act();
  } finally {
    unlock();
  }
}
