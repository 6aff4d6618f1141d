import type { Duration, Instant } from './core/time';

/** Time for policy: real time on a real cloud, the sandbox's persisted, scaled, monotonic clock on the sandbox. */
export interface Clock {
  now(): Instant;
  /** Resolves at or after `at`, or when the signal aborts (never rejects). */
  until(at: Instant, signal?: AbortSignal): Promise<void>;
  /** The shortest interval worth sampling at: real floor (about 100 ms of wall time) in this clock's units. */
  readonly resolution: Duration;
  /** Seconds of this clock in one second of wall time. */
  readonly scale: number;
}
