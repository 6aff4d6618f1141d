import { instant } from '../../core/time';
import { behindOf } from '../../report/behind';
import { statusOf, statusText } from '../../report/status';
import { readFleet } from '../../rollout/journal';
import { engineTitle, openTime } from '../cloud';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { removedStacks } from '../removed';
import { readDrivers, readUnreviewed, trackOption, withSession } from '../session';

/** `status`: from the ledger alone; no engine is started for it. */
export const status = (call: Call): Promise<ExitCode> =>
  withSession(call, async (session) => {
    const { out, options } = call;
    const track = options['track'] === undefined ? undefined : trackOption(session, call);
    const fleet = await readFleet(session.ledger);
    const said = statusOf(session.project, fleet, {
      track,
      drivers: await readDrivers(session.ledger, fleet),
      behind: behindOf(session.project, fleet),
      unreviewed: await readUnreviewed(session.ledger, fleet),
      removed: removedStacks(session, fleet),
    });
    const time = openTime(session);
    out.text(
      statusText(said, {
        now: time.now(),
        paint: out.paint,
        title: `${session.project.name} · ${engineTitle(session.project)}`,
      }),
    );
    out.result({ command: 'status', at: instant(time.now()), ...said, exitCode: EXIT.done });
    return EXIT.done;
  });
