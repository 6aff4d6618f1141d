import type { LedgerEvent } from '../core/event';
import type { Instant } from '../core/time';

/** Append-only, hash-chained record per track. The only place where Signalbox remembers. */
export interface Ledger {
  /** All of a track's entries in order, from `after` (exclusive). */
  read(track: string, after?: number): Promise<readonly Entry[]>;
  tracks(): Promise<readonly string[]>;
  /** Appends in one transaction; fails with `conflict` when the track's head is no longer `head` or the lease's token is stale. */
  append(track: string, head: number, drafts: readonly Draft[], lease: Lease): Promise<readonly Entry[]>;
  /** Takes the lease of a resource (`track:beta`, `stack:shop-eu1`), or says who holds it. */
  acquire(
    resource: string,
    holder: Holder,
    ttl: number,
  ): Promise<Lease | { readonly heldBy: Holder; readonly until: Instant }>;
  renew(lease: Lease, ttl: number): Promise<boolean>;
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
}

/** Lease times are wall time; `token` grows with every acquisition of the resource (fencing). */
export interface Lease {
  readonly resource: string;
  readonly token: number;
  readonly holder: Holder;
}
