import { eventsText, rolloutLines, rolloutsText, updateLines, updatesText } from '../../report/history';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { stackOption, trackOption, withSession } from '../session';

/** `history`: what happened, oldest first, from the ledger alone. */
export const history = (call: Call): Promise<ExitCode> =>
  withSession(call, async (session) => {
    const { out, options } = call;
    const wanted =
      options['track'] === undefined ? await session.ledger.tracks() : [trackOption(session, call)];
    const logs = await Promise.all(wanted.map((track) => session.ledger.read(track)));
    // A track's own order stands; tracks are laid beside each other by time.
    const log = logs
      .flat()
      .sort((a, b) => a.at - b.at || (a.track === b.track ? a.seq - b.seq : a.track < b.track ? -1 : 1));
    if (typeof options['stack'] === 'string') {
      const updates = updateLines(log, stackOption(session, options['stack']));
      out.text(updatesText(updates, out.paint));
      out.result({ command: 'history', stack: options['stack'], updates, exitCode: EXIT.done });
      return EXIT.done;
    }
    if (options['events'] === true) {
      out.text(log.length === 0 ? 'nothing has happened yet' : eventsText(log, out.paint));
      for (const { track, seq, at, actor, event } of log)
        out.event({ type: 'event', track, seq, at, actor, event });
    } else {
      out.text(rolloutsText(rolloutLines(log), out.paint));
    }
    out.result({ command: 'history', rollouts: rolloutLines(log), exitCode: EXIT.done });
    return EXIT.done;
  });
