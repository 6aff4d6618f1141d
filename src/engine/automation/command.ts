import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PulumiCommand } from '@pulumi/pulumi/automation';
import { SemVer } from 'semver';

/** How long the CLI may go on saving its state after one SIGINT. */
const GRACE = 120_000;

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** What the Automation API expects of a command; `toString` becomes the text of its error. */
export interface CommandResult extends Outcome {
  toString(): string;
}

/**
 * The real CLI as the Automation API drives it, but in a process group of its own and with its output in files: when the
 * driver dies, the CLI notices the lost program, saves what is in flight and removes its lock.
 */
export function cliCommand(options: {
  command: string;
  version: string;
  logs: string;
  onStart(pid: number): void;
  failed(result: CommandResult): Error;
}): PulumiCommand {
  let sequence = 0;
  const run = async (
    args: string[],
    cwd: string,
    env: Record<string, string>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<CommandResult> => {
    mkdirSync(options.logs, { recursive: true, mode: 0o700 });
    const base = join(options.logs, `${process.pid}-${++sequence}`);
    const files = { stdout: `${base}.out`, stderr: `${base}.err` };
    const outcome = await execute({
      ...options,
      args: args.includes('--non-interactive') ? args : [...args, '--non-interactive'],
      cwd,
      env,
      files,
      signal,
    });
    if (outcome.stdout !== '') onOutput?.(outcome.stdout);
    if (outcome.stderr !== '') onError?.(outcome.stderr);
    const result = {
      ...outcome,
      toString: () => `code: ${outcome.code}\nstdout: ${outcome.stdout}\nstderr: ${outcome.stderr}\n`,
    };
    if (outcome.code !== 0) throw options.failed(result);
    return result;
  };
  return { command: options.command, version: new SemVer(options.version), run } as unknown as PulumiCommand;
}

interface Execution {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly files: { readonly stdout: string; readonly stderr: string };
  readonly signal: AbortSignal | undefined;
  onStart(pid: number): void;
}

function execute(execution: Execution): Promise<Outcome> {
  const { files, signal } = execution;
  if (signal?.aborted)
    return Promise.resolve({ stdout: '', stderr: 'cancelled before it started', code: -1 });
  const out = openSync(files.stdout, 'w', 0o600);
  const err = openSync(files.stderr, 'w', 0o600);
  return new Promise((resolve, reject) => {
    const child = spawn(execution.command, execution.args, {
      cwd: execution.cwd,
      env: {
        ...process.env,
        ...execution.env,
        PULUMI_SKIP_UPDATE_CHECK: 'true',
        PULUMI_LOG_ROTATION_MAX_TOTAL_MB: '20',
        PULUMI_LOG_ROTATION_MAX_AGE_DAYS: '3',
      },
      stdio: ['ignore', out, err],
      detached: true,
    });
    closeSync(out);
    closeSync(err);
    // One SIGINT only: a second one makes the CLI drop what is in flight.
    let escalation: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      child.kill('SIGINT');
      escalation = setTimeout(() => child.kill('SIGKILL'), GRACE);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    child.once('error', reject);
    if (child.pid !== undefined) execution.onStart(child.pid);
    child.once('exit', (code) => {
      clearTimeout(escalation);
      signal?.removeEventListener('abort', interrupt);
      const stdout = readFileSync(files.stdout, 'utf8');
      const stderr = readFileSync(files.stderr, 'utf8');
      rmSync(files.stdout, { force: true });
      rmSync(files.stderr, { force: true });
      resolve({ stdout, stderr, code: code ?? -2 });
    });
  });
}
