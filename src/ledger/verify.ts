import type { Break } from './chain';
import type { Ledger } from './port';

/** What `ledger verify` found in one track. */
export type Verified =
  | {
      readonly track: string;
      readonly isIntact: true;
      readonly entries: number;
      /** The last entry's hash: kept elsewhere, it proves later that nothing up to here was removed or rewritten. */
      readonly head: string;
    }
  | ({ readonly track: string; readonly isIntact: false } & Break);

/** Checks every track's chain. Rejects with a `LedgerFailure` where the store itself cannot be read. */
export async function verifyLedger(ledger: Ledger): Promise<readonly Verified[]> {
  const found: Verified[] = [];
  for (const track of await ledger.tracks()) {
    const broken = await ledger.verify(track);
    if (broken) {
      found.push({ track, isIntact: false, ...broken });
      continue;
    }
    const entries = await ledger.read(track);
    found.push({ track, isIntact: true, entries: entries.length, head: entries.at(-1)?.hash ?? '' });
  }
  return found;
}
