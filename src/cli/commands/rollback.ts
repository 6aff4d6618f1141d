import { type Fleet, rollbackTarget, trackOf } from '../../core/fleet';
import type { Release } from '../../core/release';
import { readFleet } from '../../rollout/journal';
import { ensureContent } from '../../vendor/pull';
import type { Call } from '../commands';
import { prepareContent } from '../content';
import { EXIT, type ExitCode } from '../exit';
import { keepPins, movePins, refuseDirt } from '../move-pins';
import { rollOut } from '../rollout';
import { trackOption } from '../session';
import { Stop } from '../stop';
import { withWork } from '../work';

/** `rollback`: the pins of an older release again, through the same previews, waves and checks. */
export const rollback = (call: Call): Promise<ExitCode> =>
  withWork(call, async (work) => {
    const { session, world } = work;
    const track = trackOption(session, call);
    await refuseDirt(work, track);
    await prepareContent(session.root, session.project);
    const fleet = await readFleet(world.ports.ledger);
    const to = call.options['to'];
    const target = targetOf(fleet, track, typeof to === 'string' ? to : undefined);
    const stored = await ensureContent(session.root, target.components);
    if (!stored.ok)
      throw new Stop(EXIT.usage, `the content of ${target.id} is not at hand`, { problems: stored.problems });
    return rollOut(work, {
      wish: {
        track,
        kind: 'rollback',
        components: target.components,
        sdk: target.sdk,
        pinsBefore: session.project.tracks[track]?.components ?? {},
        isAgain: call.options['again'] === true,
      },
      isUnnamed: typeof to !== 'string',
      movePins: () => movePins(work, track, target.components),
      onConverged: (release) => keepPins(work, track, release),
      command: 'rollback',
    });
  });

/** The release that was asked for, or where the ledger says a rollback goes. */
function targetOf(fleet: Fleet, track: string, to: string | undefined): Release {
  const { releases, current } = trackOf(fleet, track);
  const release = to === undefined ? rollbackTarget(fleet, track) : releases.find(({ id }) => id === to);
  if (release) return release;
  const known = releases.map(({ id }) => id).join(', ') || 'none';
  if (to !== undefined)
    throw new Stop(EXIT.notFound, `${track} has no release "${to}"`, { remedy: `releases: ${known}` });
  throw new Stop(EXIT.usage, `${track} has no proven release before ${current ?? 'the first'}`, {
    remedy: `name one: --to RELEASE (${known})`,
  });
}
