import { engineTitle } from './cloud';
import type { Call } from './commands';
import { EXIT } from './exit';
import type { Session } from './session';
import { withSession } from './session';
import { Stop } from './stop';
import { type Viewer, viewer } from './viewer';
import { openWorld, type World } from './world';

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
    const release = onInterrupt(() => {
      call.out.text('stopping: what is under way ends, nothing new starts (again to leave at once)');
      stop.abort();
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

/** The first Ctrl-C or TERM stops in order, the second leaves at once; both leave a rollout that can be resumed. */
function onInterrupt(first: () => void): () => void {
  let count = 0;
  const handle = (): void => {
    count += 1;
    if (count === 1) first();
    else process.exit(8);
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return () => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
}
