import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Context, Failure, Operation, Preview, Result, Update } from '../port';
import { type ChildSettings, type FromChild, failed, type Job, type ToChild } from './message';

/** Operations after which a child is replaced; the SDK keeps about 1.2 MB of each. */
const RECYCLE_AFTER = 40;
/** How long after a cancel a child may go on before it is killed. */
const GRACE = { embedded: 10_000, pulumi: 125_000 } as const;
const OLD_SPACE = 512;

interface Child {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  served: number;
}

/** Forked children, one operation each at a time; what one program does to its process reaches no other stack. */
export class Pool {
  private readonly idle: Child[] = [];
  private readonly all = new Set<Child>();
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private sequence = 0;
  /** What programs print, and what a child says when it dies. */
  private readonly log: number;
  private isClosed = false;

  constructor(
    private readonly settings: ChildSettings,
    private readonly size: number,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    const logs = join(settings.root, '.signalbox', 'logs');
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    this.log = openSync(join(logs, 'children.log'), 'a', 0o600);
  }

  async run(job: Omit<Job, 'id'>, context: Context): Promise<Result<Preview | Update>> {
    if (!(await this.place(context.signal))) return failed(CANCELLED);
    const child = this.idle.pop() ?? this.start();
    try {
      const result = await this.serve(child, job, context);
      child.served += 1;
      const isSpent =
        !child.process.connected || child.served >= RECYCLE_AFTER || (!result.ok && job.kind !== 'preview');
      if (isSpent || this.isClosed) this.stop(child);
      else this.idle.push(child);
      return result;
    } finally {
      this.busy -= 1;
      this.waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.all].map((child) => this.stop(child)));
    closeSync(this.log);
  }

  /** Waits for a free place; false when the signal aborts first. */
  private async place(signal: AbortSignal): Promise<boolean> {
    while (this.busy >= this.size && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    if (signal.aborted || this.isClosed) {
      this.waiting.shift()?.();
      return false;
    }
    this.busy += 1;
    return true;
  }

  private start(): Child {
    const extension = extname(__filename);
    // From source: the repository at work need not be the one that holds the settings of the transpiler.
    const source = { TS_NODE_PROJECT: join(__dirname, '..', '..', '..', 'tsconfig.json') };
    const process = fork(join(__dirname, `child${extension}`), [], {
      cwd: this.settings.root,
      env: {
        ...this.environment,
        ...(extension === '.ts' ? source : {}),
        // The SDK is a thousand files: compiled once, not in every child.
        NODE_COMPILE_CACHE: join(this.settings.root, '.signalbox', 'cache'),
      },
      execArgv: [
        ...(extension === '.ts' ? ['-r', 'ts-node/register'] : []),
        `--max-old-space-size=${OLD_SPACE}`,
        '--max-semi-space-size=16',
        '--disable-warning=ExperimentalWarning',
      ],
      serialization: 'json',
      stdio: ['ignore', this.log, this.log, 'ipc'],
    });
    const ready = new Promise<void>((resolve) => {
      process.on('message', (message: FromChild) => message.type === 'ready' && resolve());
      process.once('exit', () => resolve());
    });
    const child: Child = { process, ready, served: 0 };
    this.all.add(child);
    process.once('exit', () => this.all.delete(child));
    send(process, { type: 'settings', settings: this.settings });
    return child;
  }

  private async serve(
    child: Child,
    job: Omit<Job, 'id'>,
    context: Context,
  ): Promise<Result<Preview | Update>> {
    await child.ready;
    const id = ++this.sequence;
    const { kind, operation } = job;
    return new Promise((resolve) => {
      let killer: NodeJS.Timeout | undefined;
      let why: Failure['kind'] = 'cancelled';
      const cancel = (reason: Failure['kind']): void => {
        why = reason;
        send(child.process, { type: 'cancel', id });
        killer ??= setTimeout(() => child.process.kill('SIGKILL'), GRACE[this.settings.kind]);
      };
      const onAbort = (): void => cancel('cancelled');
      const deadline = setTimeout(() => cancel('timeout'), operation.timeout);
      const end = (result: Result<Preview | Update>): void => {
        clearTimeout(deadline);
        clearTimeout(killer);
        context.signal.removeEventListener('abort', onAbort);
        child.process.off('message', onMessage);
        child.process.off('exit', onExit);
        resolve(
          result.ok || why === 'cancelled'
            ? result
            : failed({ ...result.failure, kind: why, message: TIMED_OUT(operation) }),
        );
      };
      const onMessage = (message: FromChild): void => {
        if (message.type === 'progress' && message.id === id) context.onProgress?.(message.progress);
        if (message.type === 'done' && message.id === id) end(message.result);
      };
      const onExit = (code: number | null, signal: string | null): void => {
        const message = killer
          ? 'its process did not stop in time and was killed'
          : `its process ended by itself (${signal ?? `exit code ${code}`})`;
        end(failed({ kind: kind === 'preview' ? 'failed' : 'lost', message, diagnostics: [] }));
      };
      child.process.on('message', onMessage);
      child.process.once('exit', onExit);
      if (context.signal.aborted) onAbort();
      else context.signal.addEventListener('abort', onAbort, { once: true });
      if (!child.process.connected) onExit(child.process.exitCode, child.process.signalCode);
      else send(child.process, { type: 'job', id, ...job });
    });
  }

  private stop(child: Child): Promise<void> {
    if (child.process.exitCode !== null || child.process.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.process.once('exit', () => resolve());
      // An idle child leaves by itself when its driver hangs up.
      if (child.process.connected) child.process.disconnect();
    });
  }
}

const CANCELLED: Failure = { kind: 'cancelled', message: 'cancelled before it started', diagnostics: [] };
const TIMED_OUT = (operation: Operation): string =>
  `did not end within ${Math.round(operation.timeout / 1000)} s`;

function send(child: ChildProcess, message: ToChild): void {
  // A child that died in between shows by its exit, not by a failed send.
  child.send(message, () => {});
}
