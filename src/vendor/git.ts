import { spawn } from 'node:child_process';
import { redact } from '../core/redact';

/** What one call of git said. `refused`: it could not be run, took too long or said too much. */
export type GitAnswer =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: Buffer; readonly stderr: string }
  | { readonly kind: 'refused'; readonly reason: string };

export interface GitCall {
  readonly cwd: string;
  /** A bare repository instead of the one `cwd` lies in. */
  readonly gitDir?: string;
  readonly stdin?: string | Uint8Array;
  /** Milliseconds of wall time. */
  readonly timeout?: number;
  /** Bytes of standard output. */
  readonly limit?: number;
}

/** Variables of git's own that say who and over what, never which repository or what to execute on the way. */
const KEPT = new Set([
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
]);

const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=no',
  'gc.auto=0',
  'maintenance.auto=false',
  'log.showSignature=false',
];

/**
 * The one place that runs git: no shell, no hooks, no questions, no other protocol than https, ssh and files, no
 * replaced objects, in a session of its own so that ssh finds no terminal to ask on. Never throws; a caller gives
 * options first, then `--end-of-options`, then what comes from files.
 */
export function git(args: readonly string[], call: GitCall): Promise<GitAnswer> {
  const limit = call.limit ?? 64 * 1024 * 1024;
  const timeout = call.timeout ?? 60_000;
  const global = [
    '--no-pager',
    '--no-replace-objects',
    '--literal-pathspecs',
    '--no-optional-locks',
    ...(call.gitDir === undefined ? [] : ['--git-dir', call.gitDir]),
    ...SETTINGS.flatMap((setting) => ['-c', setting]),
  ];
  return new Promise((resolve) => {
    const child = spawn('git', [...global, ...args], {
      cwd: call.cwd,
      env: environment(process.env),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let refused: string | undefined;
    const stop = (reason: string) => {
      refused ??= reason;
      kill(child.pid);
    };
    const timer = setTimeout(() => stop(`git ${args[0]} took longer than ${timeout / 1000} s`), timeout);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) stop(`git ${args[0]} answered more than ${limit} bytes`);
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 64 * 1024) stderr += chunk.toString('utf8');
    });
    // git may end without reading all of it; the exit code then says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(call.stdin ?? '');
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const reason = error.code === 'ENOENT' ? 'git is not installed (or not on the PATH)' : error.message;
      resolve({ kind: 'refused', reason: redact(reason) });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (refused !== undefined) resolve({ kind: 'refused', reason: refused });
      else
        resolve({ kind: 'ended', code: code ?? 255, stdout: Buffer.concat(chunks), stderr: redact(stderr) });
    });
  });
}

/** Why the call did not give what was asked, in one line; undefined where it ended well. */
export function gitFault(answer: GitAnswer): string | undefined {
  if (answer.kind === 'refused') return answer.reason;
  if (answer.code === 0) return undefined;
  const lines = answer.stderr.split('\n').map((line) => line.trim());
  const line = lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines.find((line) => line !== '');
  return line?.replace(/^(?:fatal|error): /, '') ?? `git ended with code ${answer.code}`;
}

function environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => {
    const upper = name.toUpperCase();
    return KEPT.has(upper) || !(upper.startsWith('GIT_') || upper === 'SSH_ASKPASS');
  });
  return {
    ...Object.fromEntries(kept),
    GIT_ALLOW_PROTOCOL: 'https:ssh:file',
    GIT_TERMINAL_PROMPT: '0',
    SSH_ASKPASS_REQUIRE: 'never',
    LC_ALL: 'C',
  };
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself between the decision and the signal; `close` follows either way.
  }
}
