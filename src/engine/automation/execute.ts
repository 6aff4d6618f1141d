import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunNote } from './runs';

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
  /** Where the process notes its number before it becomes the CLI, where it may take a lock. */
  readonly note?: RunNote | undefined;
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
    const [command = '', ...args] = noted(execution);
    const child = spawn(command, args, {
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
        wasKilled = killGroup(child.pid);
      }, grace);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(escalation);
      signal?.removeEventListener('abort', interrupt);
      const [stdout, stderr] = [readFileSync(files.stdout, 'utf8'), readFileSync(files.stderr, 'utf8')];
      for (const file of [files.stdout, files.stderr]) rmSync(file, { force: true });
      resolve({ stdout, stderr, code: code ?? -2, wasKilled });
    });
  });
}

/** With the providers it has started: what is said to be in flight must not go on afterwards. False where it is gone already. */
function killGroup(leader: number | undefined): boolean {
  if (leader === undefined) return false;
  try {
    return process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * The process notes its own number and then becomes the CLI: whoever is killed in between, no lock is ever there whose holder
 * nobody knows. Where the note cannot be written nothing is started. The script never varies: all that does are its arguments.
 */
const noted = ({ command, args, note }: Execution): readonly string[] =>
  note ? ['/bin/sh', '-c', NOTE, note.file, String(note.since), command, ...args] : [command, ...args];
const NOTE = 'printf "run %s %s\\n" "$$" "$1" >>"$0" && shift && exec "$@"';

/** The CLI keeps a log of every call and asks for newer versions of itself, unless it is told not to. */
const OURS: NodeJS.ProcessEnv = {
  PULUMI_SKIP_UPDATE_CHECK: 'true',
  PULUMI_LOG_ROTATION_MAX_TOTAL_MB: '20',
  PULUMI_LOG_ROTATION_MAX_AGE_DAYS: '3',
};
