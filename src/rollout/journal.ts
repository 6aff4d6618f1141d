import type { LedgerEvent } from '../core/event';
import { type Fleet, fleetOf } from '../core/fleet';
import { advance, type RolloutState, replay } from '../core/rollout';
import type { Instant } from '../core/time';
import { type Draft, type Entry, type Lease, type Ledger, LedgerFailure } from '../ledger/port';
import type { Ports } from './ports';

export interface Line {
  readonly key: string;
  readonly event: LedgerEvent;
  /** When it happened; now, if it is not given. */
  readonly at?: Instant;
}

/**
 * The ledger as the driver of one rollout writes it: one append at a time, the head always known. Its state is the fold of
 * what is recorded, nothing else.
 */
export class Journal {
  private queue: Promise<unknown> = Promise.resolve();
  private head = 0;
  private folded: RolloutState | undefined;
  private readonly recorded: Entry[] = [];
  private readonly others = new Map<string, Entry[]>();

  constructor(
    private readonly ports: Pick<Ports, 'ledger' | 'clock' | 'holder' | 'observer'>,
    readonly track: string,
    readonly rollout: string,
    private readonly lease: Lease,
  ) {}

  /** What the ledger says of this rollout. Throws where it does not know it: the caller has mixed up ids. */
  state(): RolloutState {
    this.folded ??= replay(this.recorded, this.rollout);
    if (!this.folded) throw new Error(`rollout ${this.rollout} is not in the ledger of ${this.track}`);
    return this.folded;
  }

  /** `seq` of the last entry known here. */
  position(): number {
    return this.head;
  }

  /** Why the rollout ended, once it has. */
  endReason(): string | undefined {
    const end = this.recorded.findLast(
      ({ event }) => event.type === 'rollout-ended' && event.rollout === this.rollout,
    );
    return end?.event.type === 'rollout-ended' ? end.event.reason : undefined;
  }

  /** Takes in what others appended meanwhile (requests). */
  refresh(): Promise<void> {
    return this.inTurn(() => this.catchUp());
  }

  /** Records what was decided on the state as known; false where somebody else wrote first, then decide again. */
  decided(lines: readonly Line[]): Promise<boolean> {
    return this.inTurn(async () => {
      try {
        await this.write(lines);
        return true;
      } catch (error) {
        if (!(error instanceof LedgerFailure) || error.kind !== 'conflict') throw error;
        await this.catchUp();
        return false;
      }
    });
  }

  /** Records what happened, whoever else wrote meanwhile: an effect must not stay without its record. */
  happened(lines: readonly Line[]): Promise<void> {
    return this.inTurn(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.write(lines);
        } catch (error) {
          const isPassing =
            error instanceof LedgerFailure && (error.kind === 'conflict' || error.kind === 'busy');
          if (!isPassing || attempt >= 10) throw error;
          await this.catchUp();
        }
      }
    });
  }

  /** What runs where by all tracks' ledgers, as of now. */
  async fleet(): Promise<Fleet> {
    const { ledger } = this.ports;
    for (const track of await ledger.tracks()) {
      const known = this.others.get(track) ?? [];
      known.push(...(await ledger.read(track, known.length)));
      this.others.set(track, known);
    }
    return fleetOf([...this.others.values()]);
  }

  private async write(lines: readonly Line[]): Promise<void> {
    if (lines.length === 0) return;
    const drafts = lines.map(
      ({ key, event, at }): Draft => ({
        key,
        event,
        at: at ?? this.ports.clock.now(),
        actor: this.ports.holder.actor,
      }),
    );
    this.take(await this.ports.ledger.append(this.track, this.head, drafts, this.lease));
  }

  private async catchUp(): Promise<void> {
    this.take(await this.ports.ledger.read(this.track, this.head));
  }

  private take(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.seq <= this.head) continue;
      this.head = entry.seq;
      this.recorded.push(entry);
      this.folded = this.folded && advance(this.folded, entry);
      this.ports.observer?.entry?.(entry);
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}

/** The fold of all ledgers, for those who only read. */
export async function readFleet(ledger: Ledger): Promise<Fleet> {
  const tracks = await ledger.tracks();
  return fleetOf(await Promise.all(tracks.map((track) => ledger.read(track))));
}
