import type { PulumiCommand } from '@pulumi/pulumi/automation';
import { SemVer } from 'semver';
import { execute, type Outcome } from './execute';
import type { RunNote } from './runs';

/** What the Automation API expects of a command; `toString` becomes the text of its error. */
export interface CommandResult extends Outcome {
  toString(): string;
}

/** The real CLI as the Automation API drives it. */
export function cliCommand(options: {
  command: string;
  version: string;
  logs: string;
  /** Where a process that may take a lock notes itself; undefined for one that only looks. */
  note(): RunNote | undefined;
  failed(result: CommandResult): Error;
}): PulumiCommand {
  const run = async (
    args: string[],
    cwd: string,
    env: Record<string, string>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<CommandResult> => {
    const outcome = await execute({
      ...options,
      args: args.includes('--non-interactive') ? args : [...args, '--non-interactive'],
      cwd,
      note: options.note(),
      env: { ...process.env, ...env },
      signal,
    });
    if (outcome.stdout !== '') onOutput?.(outcome.stdout);
    if (outcome.stderr !== '') onError?.(outcome.stderr);
    const result = {
      ...outcome,
      toString: () => `code: ${outcome.code}\nstdout: ${outcome.stdout}\nstderr: ${outcome.stderr}\n`,
    };
    if (outcome.wasKilled) throw new StillRunning();
    if (outcome.code !== 0) throw options.failed(result);
    return result;
  };
  return { command: options.command, version: new SemVer(options.version), run } as unknown as PulumiCommand;
}

/** The CLI did not stop within its time and was killed: what it left behind stands in the state. */
export class StillRunning extends Error {
  constructor() {
    super('the Pulumi CLI did not stop in time and was killed');
  }
}
