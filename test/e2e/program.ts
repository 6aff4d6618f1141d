import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { childrenOf } from '../crash/process-tree';

/** One run of the real program, from its start to its exit. */
export interface Ran {
  /** The exit code, or the signal's name where it was killed. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON lines of standard output, where it was run with `--json`. */
  readonly lines: readonly JsonLine[];
  /** The last JSON line. */
  readonly result: JsonLine;
}

// What a program printed is whatever it is; tests look at it, and fail where it is not what they expect.
export type JsonLine = Readonly<Record<string, unknown>>;

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ran>;
  /** Resolves when its output so far matches; fails when it ends before that. */
  said(text: RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Its children stand still, however slow the machine is, until what is returned is called. */
  hold(): () => void;
  /** As a terminal does: to all processes of its group. Only where it was started with one of its own. */
  signalGroup(name: NodeJS.Signals): void;
}

const repository = resolve(__dirname, '..', '..');
/** The program as the npm scripts run it. */
export const SOURCE = ['-r', require.resolve('ts-node/register'), join(repository, 'src', 'bin.ts')];

/** Runs the program in an estate to its end. */
export const run = (root: string, args: readonly string[]): Promise<Ran> => start(root, args).ended;

interface StartOptions {
  /** What Node runs. */
  readonly program?: readonly string[];
  /** Like a terminal's job: in a process group of its own. */
  readonly hasGroup?: boolean;
}

export function start(
  root: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { program = SOURCE, hasGroup = false }: StartOptions = {},
): Running {
  const at = args.includes('--cwd') || args.includes('--version') ? [] : ['--cwd', root];
  // ts-node looks for its settings in the current folder, so the estate is named instead.
  const child = spawn(process.execPath, [...program, ...args, ...at], {
    cwd: repository,
    env: { ...plainEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: hasGroup,
  });
  const waiting = new Set<() => void>();
  let [stdout, stderr] = ['', ''];
  const hear = (stream: NodeJS.ReadableStream | null, take: (text: string) => void): void => {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      take(text);
      for (const look of [...waiting]) look();
    });
  };
  hear(child.stdout, (text) => {
    stdout += text;
  });
  hear(child.stderr, (text) => {
    stderr += text;
  });
  const ended = ending(child).then((code) => ran(code, stdout, stderr));
  return {
    pid: child.pid ?? 0,
    ended,
    said: (text) =>
      new Promise<void>((found, missed) => {
        const look = (): void => {
          if (!text.test(stdout) && !text.test(stderr)) return;
          waiting.delete(look);
          found();
        };
        waiting.add(look);
        look();
        void ended.then((end) => missed(new Error(`ended without saying ${text}:\n${said(end)}`)), missed);
      }),
    signal: (name) => void child.kill(name),
    hold() {
      const held = childrenOf(child.pid ?? 0);
      if (held.length === 0) throw new Error('it has no child to hold');
      const tell = (signal: NodeJS.Signals): void => {
        for (const pid of held) process.kill(pid, signal);
      };
      tell('SIGSTOP');
      return () => tell('SIGCONT');
    },
    signalGroup(name) {
      if (!hasGroup || child.pid === undefined) throw new Error('it has no group of its own');
      process.kill(-child.pid, name);
    },
  };
}

/** Passes on a run that ended with 0; fails with all it said otherwise. */
export function must(ran: Ran): Ran {
  if (ran.code === 0) return ran;
  throw new Error(`exit code ${ran.code}:\n${said(ran)}`);
}

export const said = ({ stdout, stderr }: Pick<Ran, 'stdout' | 'stderr'>): string => `${stdout}\n${stderr}`;

const ending = (child: ChildProcess): Promise<number | string> =>
  new Promise((end, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => end(code ?? signal ?? 'unknown'));
  });

function ran(code: number | string, stdout: string, stderr: string): Ran {
  const lines = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  return { code, stdout, stderr, lines, result: lines.at(-1) ?? {} };
}

/** Neither the test runner's npm nor a CI's variables; colours asked for, so that a pipe must refuse them. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|GIT_|GITHUB_|GITLAB_|CI$|NO_COLOR$|NODE_OPTIONS$|PULUMI_|SIGNALBOX_)/.test(name),
  );
  return { ...Object.fromEntries(kept), FORCE_COLOR: '1', TERM: 'xterm-256color', SIGNALBOX_ACTOR: 'ada' };
}
