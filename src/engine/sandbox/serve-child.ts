import type { Fault } from '../../core/project';
import { openCloud } from './cloud';
import { serveSandbox } from './serve';

/** What a driver tells the process that serves its sandbox. */
export interface ServeSettings {
  /** The SQLite file of the sandbox cloud. */
  readonly file: string;
  readonly seed: string;
  readonly faults: readonly Fault[];
}

export type ServeAnswer = { readonly attach: string } | { readonly error: string };

/** How often a look is taken whether anybody is still connected once the driver is gone, in milliseconds. */
const EVERY = 500;

process.once('message', (settings: ServeSettings) => {
  serve(settings).then(
    (attach) => answer({ attach }),
    (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
  );
});

const answer = (told: ServeAnswer): void => {
  if (process.connected) process.send?.(told);
};

async function serve({ file, seed, faults }: ServeSettings): Promise<string> {
  const served = await serveSandbox(openCloud(file, { seed, faults }));
  // The cloud outlives a driver that was killed until the engines it had started are done, as a real cloud does.
  const leave = (): void => {
    if (served.connections() === 0) process.exit(0);
  };
  process.once('disconnect', () => {
    leave();
    setInterval(leave, EVERY);
  });
  return served.attach;
}

// A terminal's Ctrl-C reaches the whole group; only the driver decides what stops.
process.on('SIGINT', () => {});
