import { engineTitle } from './cloud';
import type { Call } from './commands';
import { EXIT } from './exit';
import { onInterrupt } from './interrupt';
import type { Session } from './session';
import { withSession } from './session';
import { Stop } from './stop';
import { type Viewer, viewer } from './viewer';
import { openWorld, type World } from './world';

const STOPPING =
  'stopping: what is under way ends, nothing new starts; what is cut short is repeated on resume (again to leave at once)';
const LEAVING =
  'leaving at once: engines at work save what they can and go by themselves; npm run resume looks what became of it, and goes on';

/** A command at work: its repository, its adapters, its view, and the user's wish to stop. */
export interface Work {
  readonly call: Call;
  readonly session: Session;
  readonly world: World;
  readonly viewer: Viewer;
  readonly signal: AbortSignal;
}

/** Opens all that a rollout or preview needs, and closes it again, whatever happens. */
export const withWork = <T>(call: Call, work: (work: Work) => Promise<T>): Promise<T> =>
  withSession(call, async (session) => {
    const stop = new AbortController();
    let world: World | undefined;
    const view = viewer({
      out: call.out,
      title: engineTitle(session.project),
      clock: () => world?.ports.clock,
    });
    const release = onInterrupt({
      first() {
        call.out.text(STOPPING);
        stop.abort();
      },
      next() {
        view.stop();
        call.out.note(LEAVING);
        process.exit(EXIT.cancelled);
      },
    });
    try {
      world = await openWorld(session, view, goalOptions(call));
      return await work({ call, session, world, viewer: view, signal: stop.signal });
    } finally {
      release();
      view.stop();
      await world?.close();
    }
  });

/** One stack is looked at all the same unless `--sample` says otherwise; only previews have the options. */
function goalOptions({ options }: Call): { readonly sample?: number } {
  if (options['digest'] === false) return {};
  const sample = Number(options['sample'] ?? 1);
  if (Number.isInteger(sample) && sample >= 0) return { sample };
  throw new Stop(EXIT.usage, `--sample ${options['sample']} is not a number of stacks`);
}
