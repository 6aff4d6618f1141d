import type { LedgerEvent } from '../core/event';
import { type RolloutState, replay } from '../core/rollout';
import { type Draft, LedgerFailure } from '../ledger/port';
import type { Ports } from './ports';

type Writing = Pick<Ports, 'ledger' | 'clock' | 'holder'>;

/** The rollout of a track that is under way, with everything the ledger says of it; undefined where there is none. */
export async function openRollout(
  { ledger }: Pick<Ports, 'ledger'>,
  track: string,
): Promise<RolloutState | undefined> {
  const entries = await ledger.read(track);
  const start = entries.findLast(({ event }) => event.type === 'rollout-started');
  if (start?.event.type !== 'rollout-started') return undefined;
  const state = replay(entries, start.event.rollout);
  return state?.outcome ? undefined : state;
}

/**
 * Asks whoever drives the rollout to abort it; needs no lease and may be repeated. False where nothing is under way. Where no
 * driver is alive the rollout ends when somebody resumes it.
 */
export async function requestAbort(
  ports: Writing,
  track: string,
  { mode, reason }: { readonly mode: 'stop' | 'take-back'; readonly reason: string },
): Promise<boolean> {
  const open = await openRollout(ports, track);
  if (!open) return false;
  const { rollout } = open.started;
  await request(ports, track, `${rollout}:abort:${mode}`, { type: 'abort-requested', rollout, mode, reason });
  return true;
}

/** Forbids a release to enter any further stack of its track, or lifts that again; a rollout under way hears it. */
export async function recordVeto(
  ports: Writing,
  wish: {
    readonly track: string;
    readonly release: string;
    readonly reason: string;
    readonly isLifted?: boolean;
  },
): Promise<void> {
  const { track, release, reason } = wish;
  const type = wish.isLifted ? 'veto-cleared' : 'veto-set';
  const head = (await ports.ledger.read(track)).length;
  await request(ports, track, `${type}:${release}:${head}`, { type, release, reason });
}

async function request(ports: Writing, track: string, key: string, event: LedgerEvent): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const entries = await ports.ledger.read(track);
    try {
      await ports.ledger.append(track, entries.length, [draft(ports, key, event)]);
      return;
    } catch (error) {
      if (!(error instanceof LedgerFailure) || error.kind !== 'conflict' || attempt >= 20) throw error;
    }
  }
}

const draft = ({ clock, holder }: Writing, key: string, event: LedgerEvent): Draft => ({
  at: clock.now(),
  actor: holder.actor,
  key,
  event,
});
