import type { StackState } from '../port';

/** Where the stacks' states lie: files that are read directly, or a backend that only the CLI can read. Errors are thrown. */
export interface States {
  /** undefined where there is no such stack. */
  read(stack: string): StackState | undefined | Promise<StackState | undefined>;
  /** Makes an empty stack where there is none. */
  ensure(stack: string): void | Promise<void>;
  /** Removes locks of our own dead processes; false where one is somebody else's or still alive. */
  unlock(stack: string): boolean | Promise<boolean>;
  /** A lock as the text of a failed command names it; for backends whose locks cannot be read. */
  refused?(stack: string, text: string): void;
}
