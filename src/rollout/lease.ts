import type { Instant } from '../core/time';
import type { Holder, Lease, Ledger } from '../ledger/port';
import type { Ports } from './ports';

const defaultTtl = 30_000;

/** A lease that is kept alive until it is released; `signal` aborts when it is lost. */
export interface Held {
  readonly lease: Lease;
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

export interface HeldByOther {
  /** `ada on laptop (pid 4711)` */
  readonly heldBy: string;
  readonly resource: string;
  /** Wall time. */
  readonly until: Instant;
}

/** Takes the lease of a track, or says who holds it. Needed by everything that writes to the track but requests. */
export const holdTrack = (ports: Ports, track: string): Promise<Held | HeldByOther> =>
  hold(ports, `track:${track}`);

export const holdStack = (ports: Ports, stack: string): Promise<Held | HeldByOther> =>
  hold(ports, `stack:${stack}`);

/** Who drives a track at the moment, as `ada on laptop (pid 4711)`; undefined: nobody. */
export async function driverOf(ledger: Ledger, track: string): Promise<string | undefined> {
  const lease = await ledger.holderOf(`track:${track}`);
  return lease && nameOf(lease.heldBy);
}

const nameOf = ({ actor, host, pid }: Holder): string => `${actor} on ${host} (pid ${pid})`;

async function hold({ ledger, holder, leaseTtl }: Ports, resource: string): Promise<Held | HeldByOther> {
  const ttl = leaseTtl ?? defaultTtl;
  const lease = await ledger.acquire(resource, holder, ttl);
  if ('heldBy' in lease) {
    return { heldBy: nameOf(lease.heldBy), resource, until: lease.until };
  }
  const lost = new AbortController();
  // Leases are wall time, also where the policy's clock is not.
  const timer = setInterval(() => {
    ledger.renew(lease, ttl).then(
      (isOurs) => isOurs || lost.abort(),
      () => lost.abort(),
    );
  }, ttl / 3);
  timer.unref();
  return {
    lease,
    signal: lost.signal,
    release: async () => {
      clearInterval(timer);
      await ledger.release(lease);
    },
  };
}
