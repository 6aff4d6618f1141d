import type { Pins } from '../core/plan';
import { list } from '../report/words';
import { commitPins } from '../vendor/commit';
import { dirtOf } from '../vendor/dirty';
import { promoteSnapshots } from '../vendor/pull';
import { EXIT } from './exit';
import { Stop } from './stop';
import type { Work } from './work';

/** Refuses a track folder that somebody edited: moving its pins would lose the edits. */
export async function refuseDirt({ session }: Work, track: string): Promise<void> {
  const dirt = await dirtOf(session.root, track);
  if (!dirt.ok) throw new Stop(EXIT.usage, '', { problems: dirt.problems });
  if (dirt.value.drift.length > 0)
    throw new Stop(EXIT.usage, `tracks/${track} was edited by hand: moving its pins would lose that`, {
      problems: dirt.value.drift,
    });
}

export async function movePins({ session }: Work, track: string, pins: Pins): Promise<void> {
  const moved = await promoteSnapshots({ root: session.root, track, pins });
  if (!moved.ok) throw new Stop(EXIT.usage, '', { problems: moved.problems });
}

/** Says what the user has to do with the moved pins, or commits them. */
export async function keepPins({ session, call }: Work, track: string, release: string): Promise<void> {
  if (call.options['commit'] === true) {
    const committed = await commitPins(session.root, track, `${track}: pin ${release}`);
    if (!committed.ok)
      throw new Stop(EXIT.failed, 'the rollout is done, but its pins are not committed', {
        problems: committed.problems,
      });
    call.out.text(
      committed.value.commit
        ? `committed the pins of ${track} as ${committed.value.commit.slice(0, 12)}`
        : `the pins of ${track} were committed already`,
    );
    return;
  }
  const dirt = await dirtOf(session.root, track);
  if (dirt.ok && dirt.value.hasRepository && dirt.value.uncommitted.length > 0) {
    call.out.text(
      `the pins of ${track} moved in the working tree (${list(dirt.value.uncommitted.slice(0, 3))}…): commit them, or use --commit next time`,
    );
  }
}
