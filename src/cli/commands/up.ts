import { trackOf } from '../../core/fleet';
import type { Pins } from '../../core/plan';
import { readFleet } from '../../rollout/journal';
import { wereCommitted } from '../../vendor/committed';
import { ensureBaseline } from '../baseline';
import type { Call } from '../commands';
import { prepareContent } from '../content';
import type { ExitCode } from '../exit';
import { EXIT } from '../exit';
import { rollOut } from '../rollout';
import { trackOption } from '../session';
import { Stop } from '../stop';
import { type Work, withWork } from '../work';

/** `up`: rolls out what the track's folder pins now. The first `up` of a track is its baseline. */
export const up = (call: Call): Promise<ExitCode> =>
  withWork(call, async (work) => {
    const { session, world } = work;
    const track = trackOption(session, call);
    await prepareContent(session.root, session.project);
    const isFirst = trackOf(await readFleet(world.ports.ledger), track).current === undefined;
    const components = session.project.tracks[track]?.components ?? {};
    if (!isFirst) {
      // What this track would change is known whatever the others run.
      const based = work.call.options['dryRun'] === true ? undefined : await ensureBaseline(work, track);
      if (based !== undefined) return based;
      await refuseUndoing(work, track, components);
    }
    return rollOut(work, {
      wish: { track, kind: 'up', components, sdk: world.sdk, isAgain: call.options['again'] === true },
      command: 'up',
    });
  });

/**
 * A promotion whose pins were never committed leaves a fresh checkout with the pins of before: rolling those out would undo
 * what the ledger says was wanted. Pins that git has seen and that were reverted since are a wish.
 */
async function refuseUndoing({ session, world }: Work, track: string, pins: Pins): Promise<void> {
  const record = trackOf(await readFleet(world.ports.ledger), track);
  const current = record.releases.find(({ id }) => id === record.current);
  const isWanted =
    current === undefined ||
    Object.entries(current.components).every(([name, pin]) => pins[name]?.digest === pin.digest);
  if (isWanted || record.open || (await wereCommitted(session.root, track, current.components)) !== 'no')
    return;
  throw new Stop(
    EXIT.usage,
    `tracks/${track} pins older content than ${current.id}, whose pins were never committed: rolling it out would undo a promotion by accident`,
    {
      remedy: `keep it: npm run promote -- --track ${track} --commit\n  go back: npm run rollback -- --track ${track}`,
    },
  );
}
