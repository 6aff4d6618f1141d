import type { Row } from '../../src/ledger/chain';
import type { Machine } from '../../src/ledger/lease';
import { type Ledger, LedgerFailure, type LedgerFailureKind } from '../../src/ledger/port';

/** One ledger store as the contract needs it. */
export interface Bench {
  /** Opens the same store again on each call, as another process would. */
  open(machine: Partial<Machine>): Ledger;
  /** Changes a stored entry behind the ledger's back; undefined removes it. */
  tamper(track: string, seq: number, change: (row: Row) => Row | undefined): void;
  dispose(): void;
}

export async function failureOf(work: Promise<unknown>): Promise<LedgerFailureKind | 'none'> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof LedgerFailure) return error.kind;
    throw error;
  }
}
