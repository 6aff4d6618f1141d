import { appendix } from './appendix';
import { type Break, entryOf, firstBreak, type Head, link, origin, type Row } from './chain';
import {
  grant,
  heldBy,
  isCurrent,
  type LeaseRow,
  leaseOf,
  type Machine,
  released,
  requireCurrent,
  thisMachine,
  whileHeld,
} from './lease';
import { type Draft, type Entry, type Holder, type Lease, type Ledger, LedgerFailure } from './port';

/** What a ledger in memory holds. Outlives the ledger object: a new one over the same content is a restart. */
export interface MemoryContent {
  readonly tracks: Map<string, { readonly rows: Row[]; head: Head }>;
  readonly leases: Map<string, LeaseRow>;
}

export const emptyContent = (): MemoryContent => ({ tracks: new Map(), leases: new Map() });

/** A ledger that forgets, for tests and dry runs. Same rules as the others. */
export function createMemoryLedger(content = emptyContent(), machine: Partial<Machine> = {}): Ledger {
  return new MemoryLedger(content, { ...thisMachine, ...machine });
}

/** All entries of another ledger in memory, so that a dry run can go on from them; leases are not copied. */
export async function copyToMemory(source: Ledger): Promise<Ledger> {
  const content = emptyContent();
  for (const track of await source.tracks()) {
    const rows: Row[] = [];
    let head = origin;
    for (const entry of await source.read(track)) {
      const row = link(track, head, entry);
      rows.push(row);
      head = row;
    }
    content.tracks.set(track, { rows, head });
  }
  return createMemoryLedger(content);
}

class MemoryLedger implements Ledger {
  constructor(
    private readonly content: MemoryContent,
    private readonly machine: Machine,
  ) {}

  async read(track: string, after = 0): Promise<readonly Entry[]> {
    const broken = this.firstBreak(track);
    if (broken) {
      throw new LedgerFailure(
        'corrupt',
        `track ${track}: ${broken.reason}`,
        'start again with an intact ledger',
      );
    }
    return this.rows(track).slice(after).map(entryOf);
  }

  async tracks(): Promise<readonly string[]> {
    return [...this.content.tracks.keys()].sort();
  }

  async append(
    track: string,
    head: number,
    drafts: readonly Draft[],
    lease?: Lease,
  ): Promise<readonly Entry[]> {
    if (lease) requireCurrent(this.content.leases.get(lease.resource), lease);
    const known = this.rows(track);
    const added = appendix({ track, head, drafts, last: this.head(track) }, (key) =>
      known.find((row) => row.key === key),
    );
    if (added.fresh.length > 0) {
      this.content.tracks.set(track, { rows: [...known, ...added.fresh], head: added.last });
    }
    return added.answer.map(entryOf);
  }

  async acquire(resource: string, holder: Holder, ttl: number) {
    const result = grant(this.content.leases.get(resource), { resource, holder, ttl }, this.machine);
    if ('taken' in result) return heldBy(result.taken);
    this.content.leases.set(resource, result.granted);
    return leaseOf(result.granted);
  }

  async holderOf(resource: string) {
    const row = whileHeld(this.content.leases.get(resource), this.machine);
    return row && heldBy(row);
  }

  async renew(lease: Lease, ttl: number): Promise<boolean> {
    return this.expire(lease, this.machine.now() + ttl);
  }

  async release(lease: Lease): Promise<void> {
    this.expire(lease, released);
  }

  async verify(track: string): Promise<Break | undefined> {
    return this.firstBreak(track);
  }

  async close(): Promise<void> {}

  private rows(track: string): readonly Row[] {
    return this.content.tracks.get(track)?.rows ?? [];
  }

  private head(track: string): Head {
    return this.content.tracks.get(track)?.head ?? origin;
  }

  private firstBreak(track: string): Break | undefined {
    return firstBreak(this.rows(track), origin, this.head(track));
  }

  private expire(lease: Lease, until: number): boolean {
    const row = this.content.leases.get(lease.resource);
    if (!isCurrent(row, lease)) return false;
    this.content.leases.set(lease.resource, { ...row, until });
    return true;
  }
}
