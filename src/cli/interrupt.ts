/** Where interrupts come from: the process, or a test. */
interface Source {
  on(name: 'SIGINT' | 'SIGTERM', handle: () => void): unknown;
  off(name: 'SIGINT' | 'SIGTERM', handle: () => void): unknown;
}

/** Signals that come within this many milliseconds are one wish: `npm run` repeats the terminal's Ctrl-C to what it runs. */
const ONE_WISH = 1_000;

/**
 * The first Ctrl-C or TERM stops in order, the next one leaves at once; both leave a rollout that can be resumed. The returned
 * function ends the listening. `now`: milliseconds that never go back.
 */
export function onInterrupt(
  act: { first(): void; next(): void },
  source: Source = process,
  now: () => number = () => performance.now(),
): () => void {
  let since: number | undefined;
  const handle = (): void => {
    if (since === undefined) {
      since = now();
      act.first();
    } else if (now() - since > ONE_WISH) act.next();
  };
  source.on('SIGINT', handle);
  source.on('SIGTERM', handle);
  return () => {
    source.off('SIGINT', handle);
    source.off('SIGTERM', handle);
  };
}
