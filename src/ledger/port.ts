import type { LedgerEvent } from '../core/event';
import type { Instant } from '../core/time';

/**
 * Append-only, hash-chained record per track. The only place where Signalbox remembers.
 * What the world refuses is a rejected `LedgerFailure`; any other error (an event that is no JSON) is a bug.
 */
export interface Ledger {
  /** All of a track's entries in order, from `after` (exclusive). Never returns an entry whose chain is broken. */
  read(track: string, after?: number): Promise<readonly Entry[]>;
  tracks(): Promise<readonly string[]>;
  /**
   * Appends all drafts or none and returns their entries. `head` is the seq of the last entry the writer knows, 0 for none.
   * Drafts whose keys are recorded already are answered with what is recorded, whatever the head. Without a lease only
   * requests are written (abort asked, veto); a driver always brings its own.
   * Fails with `conflict` when the head moved, with `lease-lost` when the lease was released or taken by somebody else.
   */
  append(track: string, head: number, drafts: readonly Draft[], lease?: Lease): Promise<readonly Entry[]>;
  /**
   * Takes the lease of a resource (`track:beta`, `stack:shop-eu1`) for `ttl` milliseconds of wall time, or says who holds it.
   * The lease of a process of this host that is gone is free at once. Not re-entrant: a holder's second call is refused too.
   */
  acquire(
    resource: string,
    holder: Holder,
    ttl: number,
  ): Promise<Lease | { readonly heldBy: Holder; readonly until: Instant }>;
  /** Who holds a resource now, for people who want to know; undefined where it is free. Takes nothing. */
  holderOf(resource: string): Promise<{ readonly heldBy: Holder; readonly until: Instant } | undefined>;
  /** False when the lease is lost. An expired lease that nobody took is revived. */
  renew(lease: Lease, ttl: number): Promise<boolean>;
  /** Does nothing when the lease is lost already. */
  release(lease: Lease): Promise<void>;
  /** Checks the chain; the first broken entry, or undefined. */
  verify(track: string): Promise<{ readonly seq: number; readonly reason: string } | undefined>;
  close(): Promise<void>;
}

export interface Draft {
  readonly at: Instant;
  readonly actor: string;
  /** Idempotency: appending the same key again returns the recorded entry. */
  readonly key: string;
  readonly event: LedgerEvent;
}

export interface Entry extends Draft {
  readonly track: string;
  /** From 1. */
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
}

export interface Holder {
  readonly actor: string;
  readonly host: string;
  readonly pid: number;
  /** Tells this process from a later one with the same pid (see holder.ts). */
  readonly started?: string;
}

/**
 * Why the ledger said no:
 * `conflict` the track's head moved: read again, decide again ·
 * `lease-lost` the lease was released or somebody else took it: stop ·
 * `busy` other processes kept the store locked for too long: try again ·
 * `corrupt` the store is damaged or the chain is broken: nothing was written ·
 * `unsupported` the store is not ours, or of a newer version: nothing was written ·
 * `unavailable` the store cannot be reached, read or written (permissions, disk full, replaced while in use)
 */
export type LedgerFailureKind =
  | 'conflict'
  | 'lease-lost'
  | 'busy'
  | 'corrupt'
  | 'unsupported'
  | 'unavailable';

export class LedgerFailure extends Error {
  override readonly name = 'LedgerFailure';

  /** `message` names the store and what happened; `remedy` is what the reader can do now. */
  constructor(
    readonly kind: LedgerFailureKind,
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Lease times are wall time; `token` grows with every acquisition of the resource (fencing). */
export interface Lease {
  readonly resource: string;
  readonly token: number;
  readonly holder: Holder;
}
