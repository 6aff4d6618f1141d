import { interleaved } from '../../core/fleet';
import type { Entry, Ledger } from '../../ledger/port';
import { eventsText, rolloutLines, rolloutsText, updateLines, updatesText } from '../../report/history';
import { list } from '../../report/words';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { type Session, stackOption, trackOption, withSession } from '../session';

/** `history`: what happened, oldest first, from the ledger alone. */
export const history = (call: Call): Promise<ExitCode> =>
  withSession(call, async (session) => {
    const { out, options } = call;
    const wanted =
      options['track'] === undefined ? await session.ledger.tracks() : [trackOption(session, call)];
    const logs = await readAll(session.ledger, wanted);
    const log = interleaved(logs);
    if (typeof options['stack'] === 'string') return ofStack(call, session, options['stack'], log);
    if (options['events'] === true) {
      out.text(log.length === 0 ? 'nothing has happened yet' : eventsText(log, out.paint));
      for (const { track, seq, at, actor, event } of log)
        out.event({ type: 'event', track, seq, at, actor, event });
    } else {
      out.text(rolloutsText(rolloutLines(log), out.paint));
    }
    out.next(nextAfter(log, options));
    out.result({ command: 'history', rollouts: rolloutLines(log), exitCode: EXIT.done });
    return EXIT.done;
  });

/** What happened to the newest rollout in full, where that was not shown; else how it is now. */
function nextAfter(log: readonly Entry[], options: Call['options']): string {
  const newest = log.at(-1)?.track;
  if (newest === undefined || options['events'] === true) return 'npm run status';
  return `npm run history -- --track ${newest} --events`;
}

/** The updates of one stack; also of one that no file describes any more, as long as the ledger knows it. */
async function ofStack(
  { out, options }: Call,
  session: Session,
  name: string,
  log: readonly Entry[],
): Promise<ExitCode> {
  const updates = updateLines(log, name);
  const others = updates.length > 0 ? [] : await otherTracks(session, name);
  const stack = updates.length > 0 || others.length > 0 ? name : stackOption(session, name);
  out.text(
    others.length > 0
      ? `${options['track']} never updated ${stack}; ${list(others)} did: npm run history -- --stack ${stack}`
      : updatesText(updates, out.paint),
  );
  if (others.length === 0) out.next('npm run status');
  out.result({
    command: 'history',
    stack,
    updates,
    ...(others.length > 0 ? { updatedBy: others } : {}),
    exitCode: EXIT.done,
  });
  return EXIT.done;
}

/** Tracks whose rollouts have updated a stack. */
async function otherTracks({ ledger }: Session, stack: string): Promise<readonly string[]> {
  const logs = await readAll(ledger, await ledger.tracks());
  return [...new Set(updateLines(interleaved(logs), stack).map(({ track }) => track))];
}

const readAll = (ledger: Ledger, tracks: readonly string[]): Promise<readonly (readonly Entry[])[]> =>
  Promise.all(tracks.map((track) => ledger.read(track)));
