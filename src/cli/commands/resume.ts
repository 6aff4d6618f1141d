import { readFleet } from '../../rollout/journal';
import type { Call } from '../commands';
import { prepareContent } from '../content';
import { EXIT, type ExitCode } from '../exit';
import { carryOn, lease } from '../rollout';
import { trackOption } from '../session';
import { Stop } from '../stop';
import { takeUp } from '../take-up';
import { withWork } from '../work';

/** `resume`: goes on with an open rollout, from where the ledger says it is. */
export const resume = (call: Call): Promise<ExitCode> =>
  withWork(call, async (work) => {
    const { session, world } = work;
    const wanted = call.options['track'] === undefined ? undefined : trackOption(session, call);
    const fleet = await readFleet(world.ports.ledger);
    const open = [...fleet.tracks].flatMap(([track, record]) =>
      record.open && (wanted === undefined || wanted === track)
        ? [{ track, rollout: record.open.rollout }]
        : [],
    );
    const [first, second] = open;
    if (second)
      throw new Stop(EXIT.usage, `several rollouts are open: ${open.map(({ track }) => track).join(', ')}`, {
        remedy: 'name one: --track TRACK',
      });
    if (!first) {
      call.out.text('nothing to resume: no rollout is open');
      call.out.next('npm run status');
      call.out.result({ command: 'resume', outcome: 'nothing to do', exitCode: EXIT.done });
      return EXIT.done;
    }
    await prepareContent(session.root, session.project);
    const held = await lease(work, first.track);
    try {
      takeUp(work, await world.ports.ledger.read(first.track), first.rollout);
      return await carryOn(work, held, { ...first, command: 'resume' });
    } finally {
      await held.release();
    }
  });
