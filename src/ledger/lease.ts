import { instant } from '../core/time';
import { isAlive } from './holder';
import { type Holder, type Lease, LedgerFailure } from './port';

/** A resource's lease as stored. The row stays when the lease is released, so that its token only ever grows. */
export interface LeaseRow extends Lease {
  /** Wall time in milliseconds since 1970; `released` when free. */
  readonly until: number;
}

export const released = 0;

/** What leases need from the machine; tests bring their own. */
export interface Machine {
  /** Wall time in milliseconds since 1970. */
  now(): number;
  /** True also where it cannot be known. */
  isAlive(holder: Holder): boolean;
}

export const thisMachine: Machine = { now: Date.now, isAlive };

export interface Wish {
  readonly resource: string;
  readonly holder: Holder;
  /** Milliseconds. */
  readonly ttl: number;
}

/** A lease ends with its time, or with its holder's process. */
export const whileHeld = (row: LeaseRow | undefined, machine: Machine): LeaseRow | undefined =>
  row !== undefined && row.until > machine.now() && machine.isAlive(row.holder) ? row : undefined;

/** The row to store when the lease is free, or the row that stands in the way. */
export function grant(
  row: LeaseRow | undefined,
  { resource, holder, ttl }: Wish,
  machine: Machine,
): { readonly granted: LeaseRow } | { readonly taken: LeaseRow } {
  const taken = whileHeld(row, machine);
  if (taken) return { taken };
  return { granted: { resource, holder, token: (row?.token ?? 0) + 1, until: machine.now() + ttl } };
}

/**
 * Fencing: the token counts, not the time. A driver that slept past its expiry goes on as long as nobody took over,
 * and can write nothing once somebody did.
 */
export const isCurrent = (row: LeaseRow | undefined, lease: Lease): row is LeaseRow =>
  row !== undefined && row.token === lease.token && row.until !== released;

export function requireCurrent(row: LeaseRow | undefined, lease: Lease): void {
  const isHeld = row !== undefined && row.until !== released;
  if (isHeld && row.token === lease.token) return;
  const now = isHeld ? `${row.holder.actor} on ${row.holder.host} holds it` : 'it was released';
  throw new LedgerFailure(
    'lease-lost',
    `the lease of ${lease.resource} was lost: ${now}`,
    'nothing was written; wait for the other run to end, then run the same command again',
  );
}

export const leaseOf = ({ resource, token, holder }: LeaseRow): Lease => ({ resource, token, holder });

export const heldBy = (row: LeaseRow) => ({ heldBy: row.holder, until: instant(row.until) });
