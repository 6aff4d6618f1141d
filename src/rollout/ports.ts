import type { Clock } from '../clock';
import type { Basis } from '../core/approval';
import type { Hash } from '../core/digest';
import type { Pins } from '../core/plan';
import type { Project } from '../core/project';
import type { Room } from '../core/room';
import type { StackHealth } from '../core/stack-health';
import type { Duration, Instant } from '../core/time';
import type { Engine, Progress } from '../engine/port';
import type { Health } from '../health/port';
import type { Entry, Holder, Ledger } from '../ledger/port';

/** Everything a rollout needs of the world, in one value. */
export interface Ports {
  readonly project: Project;
  readonly ledger: Ledger;
  readonly engine: Engine;
  readonly health: Health;
  readonly clock: Clock;
  readonly pins: WorkingPins;
  readonly holder: Holder;
  /** SHA-256 in hex. */
  readonly hash: Hash;
  /** A few characters that no other rollout has: state may outlive a ledger. */
  readonly unique: () => string;
  /** Variables of an environment block, taken from the driver's own environment. */
  readonly variables: (environment: string | undefined) => Readonly<Record<string, string>>;
  /** Digests of what a stack's program is given besides its operation: its own stack file; SDK, engine and packages. */
  readonly given: (stack: string) => Promise<Pick<Basis, 'configuration' | 'versions'>>;
  /** How many stack operations run at once. */
  readonly room: Room;
  readonly observer?: Observer;
  /** Wall time: how long leases last without being renewed, and how long to wait for a lease or lock of somebody else. */
  readonly leaseTtl?: Duration;
  readonly patience?: Duration;
}

/** The track folder in the user's working tree. */
export interface WorkingPins {
  /** Puts the track's pins and snapshots back to these. Does nothing where they stand already. */
  restore(track: string, pins: Pins): Promise<void>;
}

/** For live views. Facts come as ledger entries; notes and progress are not recorded. */
export interface Observer {
  entry?(entry: Entry): void;
  progress?(stack: string, progress: Progress): void;
  note?(note: Note): void;
  /** How an updated stack does, as the loop sees it at `now`. */
  health?(stack: string, health: StackHealth, now: Instant): void;
}

/** What the loop is waiting for, or what it had to leave, for a person who watches. */
export interface Note {
  readonly kind: 'soaking' | 'settling' | 'waiting' | 'previewing' | 'cut short';
  readonly stack?: string;
  readonly text: string;
}
