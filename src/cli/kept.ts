import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keptAt } from '../engine/automation/kept';
import type { Work } from './work';

/** Where the configuration lies with which a stack last ran a release; today's may not fit it any more. */
export async function keptConfiguration(
  { session, world }: Work,
  track: string,
  { stack, release }: { readonly stack: string; readonly release: string },
): Promise<string | undefined> {
  const entries = await world.ports.ledger.read(track);
  const last = entries.findLast(
    ({ event }) => event.type === 'apply-started' && event.stack === stack && event.release === release,
  );
  if (last?.event.type !== 'apply-started') return undefined;
  const file = keptAt(last.event.deployment);
  return existsSync(join(session.root, file)) ? file : undefined;
}
