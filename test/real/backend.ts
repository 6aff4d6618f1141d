import type { Estate } from '../e2e/estate';

/** Waits for somebody's lock of a stack; returns the process that holds it. */
export async function lockOf(estate: Estate, stack: string): Promise<number> {
  let holder: string | undefined;
  await until(() => {
    holder = /"pid":\s*(\d+)/.exec(locks(estate, stack))?.[1];
    return holder !== undefined;
  });
  return Number(holder);
}

function locks(estate: Estate, stack: string): string {
  const files = Object.entries(estate.files('.signalbox/state/.pulumi/locks'));
  return files
    .flatMap(([path, text]) => (path.includes(`/locks/organization/shop/${stack}/`) ? [text] : []))
    .join('');
}

/** Operations that are open in the stack's state, separated by commas. */
export function openIn(estate: Estate, stack: string): string {
  const state = JSON.parse(estate.read(`.signalbox/state/.pulumi/stacks/shop/${stack}.json`)) as {
    readonly checkpoint: {
      readonly latest: { readonly pending_operations?: readonly { type: string }[] } | null;
    };
  };
  return (state.checkpoint.latest?.pending_operations ?? []).map(({ type }) => type).join();
}

/** Waits until something that other processes do has come about. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 3_000; tries += 1) {
    try {
      if (isTrue()) return;
    } catch (error) {
      // A file that goes away between the listing and the reading, or is being written: look again.
      if (!(error instanceof Error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come about');
}
