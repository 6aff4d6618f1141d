import type { Outcome } from '../core/event';

/** The exit codes, as `--help` and the README document them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  deployment: 4,
  notFound: 6,
  unexpectedChanges: 7,
  cancelled: 8,
  timeout: 9,
  waiting: 10,
  unhealthy: 11,
  takenBack: 12,
  held: 13,
  bug: 255,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_TEXT: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done, also when there was nothing to do'],
  [EXIT.failed, 'another failure of the world'],
  [EXIT.usage, 'wrong usage or configuration; nothing was done'],
  [EXIT.deployment, 'a deployment failed and the rollout stopped'],
  [EXIT.notFound, 'no such track, stack or release'],
  [EXIT.unexpectedChanges, 'other changes than expected (preview --expect-no-changes, accept --digest)'],
  [EXIT.cancelled, 'cancelled; resumable'],
  [EXIT.timeout, 'an operation did not end in time'],
  [EXIT.waiting, 'waiting; resumable (--waiting-ok makes it 0)'],
  [EXIT.unhealthy, 'unhealthy and halted'],
  [EXIT.takenBack, 'taken back: every touched stack runs what it ran before'],
  [EXIT.held, 'somebody else holds the lease or the lock'],
  [EXIT.bug, 'a bug in Signalbox'],
];

export function exitOf(outcome: Outcome, cause: 'apply' | 'health' | 'timeout' | undefined): ExitCode {
  switch (outcome) {
    case 'converged':
    case 'superseded':
      return EXIT.done;
    case 'rolled back':
      return EXIT.takenBack;
    case 'halted':
      return cause === 'health' ? EXIT.unhealthy : cause === 'timeout' ? EXIT.timeout : EXIT.deployment;
    case 'aborted':
      return EXIT.cancelled;
    case 'stuck':
      return EXIT.deployment;
  }
}
