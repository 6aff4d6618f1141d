import { instant } from '../../src/core/time';
import type { Draft, Holder, Lease, Ledger } from '../../src/ledger/port';

/** A veto as a draft; the key is derived from the number. */
export function draft(number: number, reason = `reason ${number}`): Draft {
  return {
    at: instant(1_700_000_000_000 + number),
    actor: 'ada',
    key: `veto-${number}`,
    event: { type: 'veto-set', release: `beta.${number}`, reason },
  };
}

export const ada: Holder = { actor: 'ada', host: 'host-a', pid: 1 };
export const bob: Holder = { actor: 'bob', host: 'host-b', pid: 1 };

/** Acquires, and fails the test where somebody else holds the lease. */
export async function take(ledger: Ledger, resource: string, holder = ada, ttl = 60_000): Promise<Lease> {
  const result = await ledger.acquire(resource, holder, ttl);
  if ('heldBy' in result) throw new Error(`${resource} is held by ${result.heldBy.actor}`);
  return result;
}
