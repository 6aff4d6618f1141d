import { type Fleet, trackOf } from '../../core/fleet';
import type { Pins } from '../../core/plan';
import type { ReleaseId } from '../../core/release';
import { readFleet } from '../../rollout/journal';
import { planPull } from '../../vendor/pull';
import { ensureBaseline } from '../baseline';
import type { Call } from '../commands';
import { prepareContent } from '../content';
import { EXIT, type ExitCode } from '../exit';
import { keepPins, movePins, refuseDirt } from '../move-pins';
import { rollOut } from '../rollout';
import { trackOption } from '../session';
import { Stop } from '../stop';
import { type Work, withWork } from '../work';

/** `promote`: the track's pins become its upstream's proven ones (a first track's: a commit of trunk), then roll out. */
export const promote = (call: Call): Promise<ExitCode> =>
  withWork(call, async (work) => {
    const { session, world } = work;
    const track = trackOption(session, call);
    await refuseDirt(work, track);
    await prepareContent(session.root, session.project);
    const based = await ensureBaseline(work, track);
    if (based !== undefined) return based;
    const to = typeof call.options['to'] === 'string' ? call.options['to'] : undefined;
    const source = await sourceOf(work, track, to);
    const pinsBefore = session.project.tracks[track]?.components ?? {};
    return rollOut(work, {
      wish: {
        track,
        kind: 'promote',
        components: source.pins,
        sdk: world.sdk,
        ...(source.from === undefined ? {} : { from: source.from }),
        // After a crash between pins and record the folder is ahead of the ledger: then the release before is what to go back to.
        ...(samePins(pinsBefore, source.pins) ? {} : { pinsBefore }),
        isAgain: call.options['again'] === true,
      },
      isUnnamed: to === undefined,
      movePins: () => movePins(work, track, source.pins),
      onConverged: (release) => keepPins(work, track, release),
      command: 'promote',
    });
  });

export interface Source {
  readonly pins: Pins;
  readonly from?: ReleaseId;
}

/** What a promotion of this track would pin. */
export async function sourceOf(
  { session, world }: Pick<Work, 'session' | 'world'>,
  track: string,
  to: string | undefined,
): Promise<Source> {
  const upstream = session.project.tracks[track]?.upstream;
  if (upstream !== undefined) return fromUpstream(await readFleet(world.ports.ledger), upstream, to);
  const planned = await planPull({ root: session.root, track, ...(to === undefined ? {} : { ref: to }) });
  if (!planned.ok) throw new Stop(EXIT.usage, '', { problems: planned.problems });
  return { pins: planned.value.pins };
}

function fromUpstream(fleet: Fleet, upstream: string, to: string | undefined): Source {
  const { releases, proven, vetoes } = trackOf(fleet, upstream);
  const wanted = to ?? proven.findLast((id) => !vetoes.has(id));
  const release = releases.find(({ id }) => id === wanted);
  if (release) return { pins: release.components, from: release.id };
  if (to !== undefined)
    throw new Stop(EXIT.notFound, `${upstream} has no release "${to}"`, {
      remedy: `releases: ${releases.map(({ id }) => id).join(', ') || 'none'}`,
    });
  if (proven.length > 0)
    throw new Stop(EXIT.usage, `every release that ${upstream} has proven is vetoed: ${proven.join(', ')}`, {
      remedy: `lift a veto, or prove another one: npm run up -- --track ${upstream}`,
    });
  throw new Stop(EXIT.usage, `${upstream} has proven no release yet`, {
    remedy: `roll it out there first: npm run up -- --track ${upstream}`,
  });
}

const samePins = (a: Pins, b: Pins): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, pin]) => b[name]?.digest === pin.digest);
