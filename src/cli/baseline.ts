import { trackOf } from '../core/fleet';
import { inFlow } from '../core/pinned';
import { list, plural } from '../report/words';
import { readFleet } from '../rollout/journal';
import { dryBaseline } from './dry-baseline';
import { EXIT, type ExitCode } from './exit';
import { rollOut } from './rollout';
import { Stop } from './stop';
import type { Work } from './work';

/**
 * Brings an empty sandbox to what the track folders pin, through the same code as any rollout, so that there is something
 * proven to promote; the exit code where the command ends with that. On a real cloud that is a decision of its own: `up` shows what adopting would change.
 */
export async function ensureBaseline(work: Work, track: string): Promise<ExitCode | undefined> {
  const { call, session, world } = work;
  const { project } = session;
  const fleet = await readFleet(world.ports.ledger);
  const missing = inFlow(project.tracks).filter(
    ({ name, components }) =>
      trackOf(fleet, name).current === undefined && Object.keys(components).length > 0,
  );
  if (missing.length === 0) return undefined;
  if (world.ports.engine.cloud !== 'sandbox') {
    const needed = missing.find(({ name }) => name === track || name === project.tracks[track]?.upstream);
    if (!needed) return undefined;
    throw new Stop(EXIT.usage, `${needed.name} has no release yet: nothing says what its stacks run`, {
      remedy: `see what adopting would change: npm run up -- --track ${needed.name} --dry-run`,
    });
  }
  if (call.options['dryRun'] === true) return dryBaseline(work, track, missing);
  const names = missing.map(({ name }) => name);
  call.out.text(
    `the sandbox is empty: its ${plural(names.length, 'track')} (${list(names)}) are brought to their pinned baseline first`,
  );
  for (const { name, components } of missing) {
    const code = await rollOut(work, {
      wish: { track: name, kind: 'up', components, sdk: world.sdk },
      command: 'baseline',
    });
    if (code !== EXIT.done) return code;
  }
  return undefined;
}
