import type { CommandError } from '@pulumi/pulumi/automation';
import * as errors from '@pulumi/pulumi/automation/errors';

/** What a command returns. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** The SDK's own way from a result to an error; it keeps it out of its declarations. */
const { createCommandError } = errors as unknown as {
  createCommandError(result: CommandResult & { readonly err: Error }): CommandError;
};

const UNKNOWN_CODE = -2;

/**
 * The error that the Automation API throws where the real CLI ends with an exit code: everything stands in one message, the
 * code −2, and the kind of error (ConcurrentUpdateError, StackNotFoundError, …) is known by its text.
 */
export function failedCommand(ended: {
  readonly args: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}): CommandError {
  const message = [
    `Command failed with exit code ${ended.code}: pulumi ${ended.args.join(' ')}`,
    ended.stderr,
    ended.stdout,
  ]
    .filter((part) => part !== '')
    .join('\n');
  const err = new Error(message);
  const result = {
    stdout: '',
    stderr: message,
    code: UNKNOWN_CODE,
    err,
    toString: () => `code: ${UNKNOWN_CODE}\n stdout: \n stderr: ${message}\n err?: ${err.toString()}\n`,
  };
  return createCommandError(result);
}
