import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** How long the CLI may go on saving its state after one SIGINT, in milliseconds. */
const GRACE = 120_000;

export interface Execution {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All variables of the process but those that are ours to set. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder for its output while it runs. */
  readonly logs: string;
  readonly signal?: AbortSignal | undefined;
  readonly grace?: number;
  onStart?(pid: number): void;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** −2 where a signal ended it, −1 where it was cancelled before it started. */
  readonly code: number;
  /** It did not stop when it was asked to. */
  readonly wasKilled: boolean;
}

let sequence = 0;

/**
 * Runs the CLI once, in a process group of its own and with its output in files: when the driver dies, the CLI notices the
 * lost program, saves what is in flight and removes its lock. Errors: the program cannot be started.
 */
export function execute(execution: Execution): Promise<Outcome> {
  const { signal, logs, grace = GRACE } = execution;
  if (signal?.aborted)
    return Promise.resolve({ stdout: '', stderr: 'cancelled before it started', code: -1, wasKilled: false });
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const base = join(logs, `${process.pid}-${++sequence}`);
  const files = { stdout: `${base}.out`, stderr: `${base}.err` };
  const out = openSync(files.stdout, 'w', 0o600);
  const err = openSync(files.stderr, 'w', 0o600);
  return new Promise((resolve, reject) => {
    const child = spawn(execution.command, execution.args, {
      cwd: execution.cwd,
      env: { ...execution.env, ...OURS },
      stdio: ['ignore', out, err],
      detached: true,
    });
    closeSync(out);
    closeSync(err);
    let escalation: NodeJS.Timeout | undefined;
    let wasKilled = false;
    // One SIGINT only: a second one makes the CLI drop what is in flight.
    const interrupt = (): void => {
      child.kill('SIGINT');
      escalation = setTimeout(() => {
        wasKilled = child.kill('SIGKILL');
      }, grace);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    child.once('error', reject);
    if (child.pid !== undefined) execution.onStart?.(child.pid);
    child.once('exit', (code) => {
      clearTimeout(escalation);
      signal?.removeEventListener('abort', interrupt);
      const [stdout, stderr] = [readFileSync(files.stdout, 'utf8'), readFileSync(files.stderr, 'utf8')];
      for (const file of [files.stdout, files.stderr]) rmSync(file, { force: true });
      resolve({ stdout, stderr, code: code ?? -2, wasKilled });
    });
  });
}

/** The CLI keeps a log of every call and asks for newer versions of itself, unless it is told not to. */
const OURS: NodeJS.ProcessEnv = {
  PULUMI_SKIP_UPDATE_CHECK: 'true',
  PULUMI_LOG_ROTATION_MAX_TOTAL_MB: '20',
  PULUMI_LOG_ROTATION_MAX_AGE_DAYS: '3',
};
