import { type ChildProcess, fork } from 'node:child_process';
import { closeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { pid } from 'node:process';
import PQueue from 'p-queue';
import { canonical } from '../../core/digest';
import type { DerivedKeys } from '../embedded/state/secret';
import type { Context, Failure, Operation, Preview, Result, Update } from '../port';
import { openLog } from './log';
import {
  type ChildSettings,
  type FromChild,
  failed,
  type Job,
  TOO_MUCH_MEMORY,
  type ToChild,
} from './message';

/** Operations after which a child is replaced, at the latest: one that has grown says so itself. */
const RECYCLE_AFTER = 100;
const GRACE = { embedded: 10_000, pulumi: 125_000 } as const;
/** How often a job whose child was killed is given another one. */
const RETRIES = 2;
/** Heap of a child in MB. */
const OLD_SPACE = 512;
/** Half of its young generation in MB: what a program holds while it waits for the CLI would be copied over and over. */
const YOUNG = { embedded: 16, pulumi: 32 } as const;

interface Child {
  readonly process: ChildProcess;
  served: number;
  /** The last program left something behind in it. */
  isSpent: boolean;
  isBusy: boolean;
  /** Whether it writes what V8 compiled to disk as it leaves: that is work, and one of the first is enough. */
  readonly keepsCode: boolean;
  /** The environment it serves alone; empty where children serve every stack. */
  readonly serves: string;
}

export interface PoolOptions {
  /** Children at work at once. */
  readonly size: number;
  /** Variables of every child. */
  readonly environment: NodeJS.ProcessEnv;
  /**
   * Whether a child serves one environment only, as on a real cloud: packages keep credentials, and some variables count
   * only where a process starts with them.
   */
  readonly isApart?: boolean;
  /** How long after a cancel a child may go on before it is killed, in milliseconds. */
  readonly grace?: number;
}

/** What became of a job: its result, or that its child was gone before or while it worked. */
type Served =
  | { readonly is: 'done'; readonly result: Result<Preview | Update> }
  | { readonly is: 'gone'; readonly wasBegun: boolean; readonly failure: Failure };

/** Forked children, one operation each at a time; what one program does to its process reaches no other stack. */
export class Pool {
  private readonly idle: Child[] = [];
  private readonly all = new Set<Child>();
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  /** Keys of salts that children derived: in memory only. */
  private keys: DerivedKeys = {};
  /** To start is all work and no waiting: together they would only be ready later. */
  private readonly starts = new PQueue({ concurrency: availableParallelism() });
  private sequence = 0;
  /** What programs print, and what a child says when it dies. */
  private readonly log: number;
  private isClosed = false;
  private readonly grace: number;

  constructor(
    private readonly settings: ChildSettings,
    private readonly options: PoolOptions,
  ) {
    this.grace = options.grace ?? GRACE[settings.kind];
    this.log = openLog(settings.root);
  }

  async run(job: Omit<Job, 'id'>, context: Context): Promise<Result<Preview | Update>> {
    if (!(await this.place(context.signal))) return failed(CANCELLED);
    try {
      for (let chance = RETRIES; ; chance -= 1) {
        const served = await this.serve(await this.childFor(job.operation), job, context);
        if (served.is === 'done') return served.result;
        // What had not begun, or was killed from outside while it only looked, may be done again without harm.
        const isHarmless = !served.wasBegun || (job.kind === 'preview' && served.failure.kind === 'lost');
        if (!isHarmless || chance === 0 || context.signal.aborted)
          return failed(job.kind === 'preview' ? { ...served.failure, kind: 'failed' } : served.failure);
      }
    } finally {
      this.busy -= 1;
      this.waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await Promise.all([...this.all].map((child) => this.stop(child)));
    closeSync(this.log);
  }

  /** Waits for a free place; false when the signal aborts first. */
  private async place(signal: AbortSignal): Promise<boolean> {
    while (this.busy >= this.options.size && !signal.aborted) {
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

  /** A child that is idle, or else a new one, unless one became idle before its turn to start came. */
  private async childFor({ variables }: Operation): Promise<Child> {
    const own = this.options.isApart === true ? variables : {};
    const serves = canonical(own);
    return this.idleFor(serves) ?? this.starts.add(() => this.idleFor(serves) ?? this.start(serves, own));
  }

  /** The child of this environment that was idle last. Where there is none, one of another may have to make room. */
  private idleFor(serves: string): Child | undefined {
    const index = this.idle.findLastIndex((child) => child.serves === serves);
    if (index >= 0) return this.idle.splice(index, 1)[0];
    const [oldest] = this.idle.length + this.busy > this.options.size ? this.idle.splice(0, 1) : [];
    if (oldest) void this.stop(oldest);
    return undefined;
  }

  private async start(serves: string, variables: Operation['variables']): Promise<Child> {
    const extension = extname(__filename);
    // From source: the repository at work need not be the one that holds the settings of the transpiler.
    const source = { TS_NODE_PROJECT: join(__dirname, '..', '..', '..', 'tsconfig.json') };
    const young = YOUNG[this.settings.kind];
    const process = fork(join(__dirname, `child${extension}`), [String(pid)], {
      cwd: this.settings.root,
      env: {
        ...this.options.environment,
        ...variables,
        ...(extension === '.ts' ? source : {}),
        // The SDK is a thousand files: compiled once, not in every child.
        NODE_COMPILE_CACHE: join(this.settings.root, '.signalbox', 'cache'),
      },
      execArgv: [
        ...(extension === '.ts' ? ['-r', 'ts-node/register'] : []),
        `--max-old-space-size=${OLD_SPACE}`,
        `--max-semi-space-size=${young}`,
        `--min-semi-space-size=${young}`,
        '--disable-warning=ExperimentalWarning',
      ],
      serialization: 'json',
      stdio: ['ignore', this.log, this.log, 'ipc'],
    });
    const ready = new Promise<void>((resolve) => {
      process.on('message', (message: FromChild) => {
        if (message.type === 'ready') resolve();
        if (message.type === 'keys') this.keys = { ...this.keys, ...message.keys };
      });
      process.once('exit', () => resolve());
    });
    const keepsCode = this.all.size < availableParallelism();
    const child: Child = { process, served: 0, isSpent: false, isBusy: false, keepsCode, serves };
    this.all.add(child);
    process.once('exit', () => {
      this.all.delete(child);
      // A program may end the process after its operation: nobody else's job goes there any more.
      const place = this.idle.indexOf(child);
      if (place >= 0) this.idle.splice(place, 1);
    });
    send(process, { type: 'settings', settings: this.settings });
    await ready;
    return child;
  }

  private async serve(child: Child, job: Omit<Job, 'id'>, context: Context): Promise<Served> {
    child.isBusy = true;
    const served = await this.wait(child, job, context);
    child.isBusy = false;
    child.served += 1;
    const isUsable = served.is === 'done' && served.result.ok && !child.isSpent && child.process.connected;
    if (!isUsable || child.served >= RECYCLE_AFTER || this.isClosed) void this.stop(child);
    else this.idle.push(child);
    return served;
  }

  private wait(child: Child, job: Omit<Job, 'id'>, context: Context): Promise<Served> {
    const id = ++this.sequence;
    const { operation } = job;
    return new Promise((resolve) => {
      let killer: NodeJS.Timeout | undefined;
      let why: 'cancelled' | 'timeout' | undefined;
      let wasBegun = false;
      const cancel = (reason: 'cancelled' | 'timeout'): void => {
        why ??= reason;
        send(child.process, { type: 'cancel', id });
        killer ??= setTimeout(() => child.process.kill('SIGKILL'), this.grace);
      };
      const onAbort = (): void => cancel('cancelled');
      const deadline = setTimeout(() => cancel('timeout'), operation.timeout);
      const end = (served: Served): void => {
        clearTimeout(deadline);
        clearTimeout(killer);
        context.signal.removeEventListener('abort', onAbort);
        child.process.off('message', onMessage);
        child.process.off('exit', onExit);
        resolve(why ? stopped(served, why, operation) : served);
      };
      const onMessage = (message: FromChild): void => {
        if (message.type === 'ready' || message.type === 'keys' || message.id !== id) return;
        if (message.type === 'begun') wasBegun = true;
        if (message.type === 'progress') for (const step of message.progress) context.onProgress?.(step);
        if (message.type !== 'done') return;
        child.isSpent = message.isSpent;
        end({ is: 'done', result: message.result });
      };
      const onExit = (code: number | null, signal: string | null): void => {
        const failure: Failure = { ...goneBy(code, signal, why !== undefined), diagnostics: [] };
        end({
          is: 'gone',
          wasBegun,
          failure: job.kind === 'preview' ? failure : { ...failure, kind: 'lost' },
        });
      };
      child.process.on('message', onMessage);
      child.process.once('exit', onExit);
      if (context.signal.aborted) onAbort();
      else context.signal.addEventListener('abort', onAbort, { once: true });
      if (child.process.exitCode !== null || child.process.signalCode !== null)
        onExit(child.process.exitCode, child.process.signalCode);
      else send(child.process, { type: 'job', id, keys: this.keys, ...job });
    });
  }

  private stop(child: Child): Promise<void> {
    if (child.process.exitCode !== null || child.process.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      // A program's endless loop is deaf to the hanging up.
      const killer = setTimeout(() => child.process.kill('SIGKILL'), this.grace);
      child.process.once('exit', () => {
        clearTimeout(killer);
        resolve();
      });
      // A child leaves by itself when its driver hangs up; one that has nothing left to save need not be waited for.
      if (!child.isBusy && !child.keepsCode) child.process.kill('SIGKILL');
      else if (child.process.connected) child.process.disconnect();
    });
  }
}

/** What stopped it came first, whatever the child then said of it; what it had done all the same counts. */
function stopped(served: Served, why: 'cancelled' | 'timeout', { timeout }: Operation): Served {
  const late = { kind: why, message: `did not end within ${Math.round(timeout / 1000)} s` } as const;
  if (served.is === 'gone')
    return why === 'timeout' ? { ...served, failure: { ...served.failure, ...late } } : served;
  const { result } = served;
  if (result.ok) return served;
  // Another command in the way until the deadline tells more than the deadline.
  const isBlocked = result.failure.kind === 'locked';
  if (isBlocked === (why === 'timeout')) return served;
  return { is: 'done', result: failed({ ...result.failure, ...(isBlocked ? { kind: why } : late) }) };
}

export const CANCELLED: Failure = {
  kind: 'cancelled',
  message: 'cancelled before it started',
  diagnostics: [],
};
/** `lost`: killed from outside. A program that ended its own process has failed. */
function goneBy(
  code: number | null,
  signal: string | null,
  wasStopped: boolean,
): Pick<Failure, 'kind' | 'message'> {
  if (wasStopped) return { kind: 'cancelled', message: 'its process did not stop in time and was killed' };
  if (signal === TOO_MUCH_MEMORY || signal === 'SIGABRT')
    return { kind: 'failed', message: 'its process ran out of memory' };
  return signal === null
    ? { kind: 'failed', message: `its process ended by itself (exit code ${code})` }
    : { kind: 'lost', message: `its process was killed (${signal})` };
}

function send(child: ChildProcess, message: ToChild): void {
  // A child that died in between shows by its exit, not by a failed send.
  child.send(message, () => {});
}
