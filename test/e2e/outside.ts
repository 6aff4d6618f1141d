import { join } from 'node:path';
import { openSession } from '../../src/cli/session';
import { openWorld } from '../../src/cli/world';
import type { Value } from '../../src/core/project';
import { readFleet } from '../../src/rollout/journal';
import { operationOf } from '../../src/rollout/operation';
import type { Estate } from './estate';

/** Somebody updates stacks past Signalbox, on the same state: with what they run, but for these inputs of `web`. */
export async function updateOutside(
  estate: Estate,
  stacks: Readonly<Record<string, Readonly<Record<string, Value>>>>,
): Promise<void> {
  const silent = { text() {}, note() {}, event() {}, result() {} };
  const call = { options: { cwd: join(estate.root) }, words: [], out: silent } as unknown as Parameters<
    typeof openSession
  >[0];
  const session = await openSession(call);
  const world = await openWorld(session, {}, {});
  try {
    const fleet = await readFleet(session.ledger);
    for (const [stack, inputs] of Object.entries(stacks)) {
      const contents = fleet.stacks.get(stack)?.contents ?? {};
      const operation = operationOf(world.ports, { stack, contents, deployment: 'by-hand', release: '' });
      const components = operation.components.map((one) =>
        one.name === 'web' ? { ...one, inputs: { ...one.inputs, ...inputs } } : one,
      );
      const done = await world.ports.engine.up(
        { ...operation, components },
        { signal: new AbortController().signal },
      );
      if (!done.ok) throw new Error(done.failure.message);
    }
  } finally {
    await world.close();
    await session.ledger.close();
  }
}
