import { lockProcess } from '../../vendor/process-lock';

/** How often somebody else's mount is asked for again, in milliseconds. */
const EVERY = 50;

/** Another process runs a program from this mount, and did until the wait was ended. */
export class MountInUse extends Error {}

/**
 * Waits until no other process runs from the mount, and keeps them off until the returned function is called. Errors:
 * `MountInUse` where the signal came first.
 */
export async function lockMount(file: string, signal?: AbortSignal): Promise<() => void> {
  for (;;) {
    const unlock = lockProcess(file);
    if (unlock) return unlock;
    if (signal?.aborted) throw new MountInUse();
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}
