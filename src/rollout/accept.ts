import { approvalDigest } from '../core/approval';
import type { LedgerEvent } from '../core/event';
import { inFlight } from '../core/rollout';
import { type Unreviewed, unreviewed } from '../core/unreviewed';
import { Journal } from './journal';
import type { Held } from './lease';
import type { Ports } from './ports';
import type { FailedPreview, SeenPreview } from './preview';
import { previewAgain } from './preview-again';
import { openRollout } from './request';

/** What waits for somebody's approval, as it would be done now. */
export type Waiting =
  | { readonly is: 'nothing' }
  /** An update's end is not known yet: that must be found out first. */
  | { readonly is: 'in flight'; readonly stacks: readonly string[] }
  | { readonly is: 'failed'; readonly failures: readonly FailedPreview[] }
  | { readonly is: 'cancelled' }
  | {
      readonly is: 'waiting';
      readonly release: string;
      readonly stacks: readonly (Unreviewed & { readonly preview: SeenPreview })[];
      /** What an approval of these stacks binds to. */
      readonly digest: string;
      /** Agrees to exactly this. */
      accept(): Promise<void>;
    };

/**
 * Looks again at the stacks of a track's open rollout that would no longer change as reviewed; at `stack` alone, if given.
 * Needs the track's lease: only who may drive may agree. What it sees is recorded, whether or not somebody agrees.
 */
export async function awaitingApproval(
  ports: Ports,
  held: Held,
  { track, stack }: { readonly track: string; readonly stack?: string | undefined },
  signal: AbortSignal,
): Promise<Waiting> {
  const open = await openRollout(ports, track);
  if (!open) return { is: 'nothing' };
  const busy = inFlight(open);
  if (busy.length > 0) return { is: 'in flight', stacks: busy.map((intent) => intent.stack) };
  const { rollout, release } = open.started;
  const asked = unreviewed(open).flatMap(({ stack: name }) =>
    stack === undefined || stack === name ? [name] : [],
  );
  if (asked.length === 0) return { is: 'nothing' };
  const journal = new Journal(ports, track, rollout, held.lease);
  await journal.refresh();
  const { previews, isRecorded } = await previewAgain(
    { ports, journal, signal },
    { direction: 'forward', stacks: asked },
  );
  if (signal.aborted) return { is: 'cancelled' };
  const failures = previews.filter((preview) => !preview.ok);
  if (failures.length > 0) return { is: 'failed', failures };
  // Somebody wrote meanwhile (a request): what they wanted comes first, the next look sees it.
  if (!isRecorded) return awaitingApproval(ports, held, { track, stack }, signal);
  const stacks = unreviewed(journal.state(), asked).flatMap((one) =>
    previews.flatMap((preview) => (preview.ok && preview.stack === one.stack ? [{ ...one, preview }] : [])),
  );
  if (stacks.length === 0) return { is: 'nothing' };
  const seen = Object.fromEntries(stacks.map(({ preview }) => [preview.stack, preview]));
  const digest = approvalDigest(seen, ports.hash);
  const accept = async (): Promise<void> => {
    const digests = Object.fromEntries(stacks.map(({ preview }) => [preview.stack, preview.digest]));
    const event: LedgerEvent = { type: 'previews-accepted', rollout, digests, approval: digest };
    await journal.happened([{ key: `${rollout}:accepted:${digest}:${journal.position()}`, event }]);
  };
  return { is: 'waiting', release, stacks, digest, accept };
}
