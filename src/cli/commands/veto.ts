import { trackOf } from '../../core/fleet';
import { thisProcess } from '../../ledger/holder';
import { readFleet } from '../../rollout/journal';
import { recordVeto } from '../../rollout/request';
import { openTime } from '../cloud';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { trackOption, withSession } from '../session';
import { Stop } from '../stop';

/** `veto`: a release stays where it is and enters no further stack of its track, until the veto is lifted. */
export const veto = (call: Call): Promise<ExitCode> =>
  withSession(call, async (session) => {
    const { out, options } = call;
    const track = trackOption(session, call);
    const { releases, vetoes, open } = trackOf(await readFleet(session.ledger), track);
    const { release, reason } = options;
    const known = releases.map(({ id }) => id).join(', ') || 'none';
    if (typeof release !== 'string')
      throw new Stop(EXIT.usage, '--release is missing', { remedy: `releases of ${track}: ${known}` });
    if (!releases.some(({ id }) => id === release))
      throw new Stop(EXIT.notFound, `${track} has no release "${release}"`, { remedy: `releases: ${known}` });
    if (typeof reason !== 'string' || reason.trim() === '')
      throw new Stop(EXIT.usage, '--reason is missing: the ledger keeps who vetoed what, and why');
    const isLifted = options['lift'] === true;
    const before = vetoes.get(release);
    if (isLifted && before === undefined) {
      out.text(`nothing to lift: ${release} is not vetoed`);
      out.next('npm run status');
      out.result({ command: 'veto', outcome: 'nothing to do', track, release, exitCode: EXIT.done });
      return EXIT.done;
    }
    const ports = { ledger: session.ledger, clock: openTime(session), holder: thisProcess(session.actor) };
    await recordVeto(ports, { track, release, reason, isLifted });
    out.text(
      isLifted
        ? `the veto of ${release} is lifted; it was: ${before}`
        : `${release} is vetoed: it stays where it is and enters no further stack of ${track}`,
    );
    const isOpen = !isLifted && open?.release === release;
    if (isOpen) out.text(`its rollout (${open.rollout}) halts before the next stack`);
    out.next(isOpen ? `npm run rollback -- --track ${track}` : 'npm run status');
    out.result({
      command: 'veto',
      outcome: isLifted ? 'lifted' : 'vetoed',
      track,
      release,
      reason,
      exitCode: EXIT.done,
    });
    return EXIT.done;
  });
