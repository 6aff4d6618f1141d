import { trackOf } from '../../core/fleet';
import { ensureBaseline } from '../baseline';
import type { Call } from '../commands';
import { prepareContent } from '../content';
import type { ExitCode } from '../exit';
import { EXIT } from '../exit';
import { rollOut } from '../rollout';
import { readFleet, trackOption } from '../session';
import { withWork } from '../work';

/** `up`: rolls out what the track's folder pins now. The first `up` of a track is its baseline. */
export const up = (call: Call): Promise<ExitCode> =>
  withWork(call, async (work) => {
    const { session, world } = work;
    const track = trackOption(session, call);
    await prepareContent(session.root, session.project);
    const isFirst = trackOf(await readFleet(world.ports.ledger), track).current === undefined;
    if (!isFirst) {
      const based = await ensureBaseline(work, track);
      if (based !== EXIT.done) return based;
    }
    const components = session.project.tracks[track]?.components ?? {};
    return rollOut(work, {
      wish: { track, kind: 'up', components, sdk: world.sdk, isAgain: call.options['again'] === true },
      command: 'up',
    });
  });
