import { type Held, holdStack } from './lease';
import type { Applied } from './outcome';
import { insist, isBlocked, type Run } from './run';

/** Runs the work while holding the stack's lease; waits for it as long as patience lasts. */
export async function withStack(run: Run, stack: string, work: () => Promise<Applied>): Promise<Applied> {
  const held = await insist<Held>(run, async () => {
    const lease = await holdStack(run.ports, stack);
    return 'heldBy' in lease ? { is: 'blocked', resource: lease.resource, heldBy: lease.heldBy } : lease;
  });
  if (isBlocked(held)) return held;
  try {
    return await work();
  } finally {
    await held.release();
  }
}
