import { EXIT, type ExitCode } from './exit';

interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * Whoever reads what is said may go away (`promote | head -1`), and a disk may be full. Neither ends a command: a rollout
 * without its driver would be the worse loss. What cannot be written is dropped.
 */
export function outliveReaders({ stdout, stderr }: Streams): {
  /**
   * The exit code, given what the command itself ended with. A reader who went away has read enough; what a full disk swallowed
   * is a failure, but not one of a rollout: its code says what became of the stacks.
   */
  exitCode(code: ExitCode, isRollout: boolean): Promise<ExitCode>;
} {
  let lost: NodeJS.ErrnoException | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || lost !== undefined) return;
    lost = error;
    stderr.write(`✖ standard output cannot be written: ${error.message}\n`);
  });
  // There is no place left to say it.
  stderr.on('error', () => undefined);
  return {
    async exitCode(code, isRollout) {
      // The failure of a write is told one turn later.
      await new Promise((told) => setImmediate(told));
      return lost !== undefined && !isRollout && code === EXIT.done ? EXIT.failed : code;
    },
  };
}
