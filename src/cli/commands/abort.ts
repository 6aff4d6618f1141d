import { trackOf } from '../../core/fleet';
import { readFleet } from '../../rollout/journal';
import { holdTrack } from '../../rollout/lease';
import { requestAbort } from '../../rollout/request';
import type { Call } from '../commands';
import { prepareContent } from '../content';
import { EXIT, type ExitCode } from '../exit';
import { carryOn } from '../rollout';
import { trackOption } from '../session';
import { Stop } from '../stop';
import { takeUp } from '../take-up';
import { withWork } from '../work';

/** `abort`: asks the driver of a rollout to stop; where nobody drives it, drives it to its end itself. */
export const abort = (call: Call): Promise<ExitCode> =>
  withWork(call, async (work) => {
    const track = trackOption(work.session, call);
    const { open, current } = trackOf(await readFleet(work.world.ports.ledger), track);
    if (!open) {
      call.out.text(`nothing to abort: no rollout of ${track} is open`);
      call.out.next('npm run status');
      call.out.result({ command: 'abort', outcome: 'nothing to do', exitCode: EXIT.done });
      return EXIT.done;
    }
    const reason = typeof call.options['reason'] === 'string' ? call.options['reason'] : 'no reason given';
    const mode = call.options['takeBack'] === true ? 'take-back' : 'stop';
    // Its way back would be the newer release, whose own way back it is: that is a rollout of its own.
    if (mode === 'take-back' && open.kind === 'rollback')
      throw new Stop(
        EXIT.usage,
        `${open.rollout} is a rollback, which is never taken back; nothing was recorded`,
        {
          remedy: `end it where it is: npm run abort -- --track ${track}\n  then go forward again: npm run rollback -- --track ${track} --to ${current ?? 'RELEASE'}`,
        },
      );
    const before = await work.world.ports.ledger.read(track);
    await requestAbort(work.world.ports, track, { mode, reason });
    const held = await holdTrack(work.world.ports, track);
    if ('heldBy' in held) {
      call.out.text(`asked ${held.heldBy} to stop ${open.release}`);
      call.out.next(`npm run status -- --track ${track}`);
      call.out.result({
        command: 'abort',
        outcome: 'requested',
        release: open.release,
        heldBy: held.heldBy,
        exitCode: EXIT.done,
      });
      return EXIT.done;
    }
    try {
      await prepareContent(work.session.root, work.session.project);
      takeUp(work, before, open.rollout);
      return await carryOn(work, held, { track, rollout: open.rollout, command: 'abort' });
    } finally {
      await held.release();
    }
  });
