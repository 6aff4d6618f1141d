import { hostname } from 'node:os';
import type { Value } from '../../core/project';
import { redact } from '../../core/redact';
import { instant } from '../../core/time';
import type { StackState } from '../port';
import { isAlive } from './alive';
import { blind } from './blind';
import { lockIn, type NamedLock, ownerOf } from './lock-text';
import type { Runs } from './runs';
import { type Deployment, pendingOf, stateVersion } from './state';
import type { States } from './states';

/** Runs one command of the CLI on the backend; resolves also where it fails. */
export type RunCli = (
  args: readonly string[],
  stack: string,
) => Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }>;

/** How PostgreSQL refuses a table that somebody else is making. */
const MADE_MEANWHILE = /duplicate key value violates|relation "\w+" already exists/;

/** How long a lock that a command named is taken to be there still, in milliseconds: only trying again tells. */
const BELIEVED = 15_000;

/** States in a backend that only the CLI reads: object stores, databases, Pulumi Cloud. */
export class CliState implements States {
  private readonly named = new Map<string, { readonly lock: NamedLock; readonly until: number }>();
  private first: Promise<unknown> | undefined;

  constructor(
    private readonly cli: RunCli,
    private readonly runs: Runs,
  ) {}

  /** The first command on an empty database makes its tables: two of them at once would make each other fail. */
  private async run(...call: Parameters<RunCli>): ReturnType<RunCli> {
    const before = this.first;
    if (before) {
      await before;
      return this.cli(...call);
    }
    const mine = this.cli(...call);
    this.first = mine.catch(() => {});
    const seen = await mine;
    // Another process may have been first at the same time: by now its tables are there.
    return MADE_MEANWHILE.test(seen.stderr) ? this.cli(...call) : seen;
  }

  async read(stack: string): Promise<StackState | undefined> {
    const deployment = await this.deployment(stack);
    if (!deployment) return undefined;
    const { resources = [] } = deployment;
    const root = resources.find(({ type }) => type === 'pulumi:pulumi:Stack');
    const [lastUpdate, lock] = [await this.lastUpdate(stack), this.lock(stack)];
    return {
      outputs: blind(root?.outputs ?? {}) as Record<string, Value>,
      stateVersion: stateVersion(resources),
      resources: resources.length,
      pending: pendingOf(deployment),
      ...(lastUpdate ? { lastUpdate } : {}),
      ...(lock ? { lock } : {}),
    };
  }

  async ensure(stack: string): Promise<void> {
    const seen = await this.run(['stack', 'history', '--json', '--page-size', '1', '--stack', stack], stack);
    if (seen.code === 0) return;
    if (!/no stack named/.test(seen.stderr)) throw failedTo(`find ${stack}`, seen);
    const made = await this.run(['stack', 'init', '--no-select', stack], stack);
    if (made.code !== 0) throw failedTo(`make the stack ${stack}`, made);
  }

  async unlock(stack: string): Promise<boolean> {
    const lock = this.named.get(stack)?.lock;
    if (!lock) return true;
    if (!this.runs.isOurs(stack, lock) || lock.hostname !== hostname() || isAlive(lock.pid)) return false;
    const cancelled = await this.run(['cancel', '--yes', stack], stack);
    if (cancelled.code !== 0) return false;
    this.named.delete(stack);
    return true;
  }

  refused(stack: string, text: string): void {
    const lock = lockIn(text);
    if (lock) this.named.set(stack, { lock, until: Date.now() + BELIEVED });
  }

  private async deployment(stack: string): Promise<Deployment | undefined> {
    const exported = await this.run(['stack', 'export', '--stack', stack], stack);
    if (exported.code === 0)
      return (JSON.parse(exported.stdout) as { readonly deployment?: Deployment | null }).deployment ?? {};
    if (/no stack named/.test(exported.stderr)) return undefined;
    throw failedTo(`read the state of ${stack}`, exported);
  }

  private lock(stack: string): StackState['lock'] {
    const named = this.named.get(stack);
    if (!named) return undefined;
    const own = this.runs.isOurs(stack, named.lock);
    if (!own && Date.now() > named.until) {
      this.named.delete(stack);
      return undefined;
    }
    return { owner: ownerOf(named.lock), since: instant(Date.parse(named.lock.timestamp)), own };
  }

  private async lastUpdate(stack: string): Promise<StackState['lastUpdate']> {
    const args = ['stack', 'history', '--json', '--page-size', '1', '--page', '1', '--stack', stack];
    const listed = await this.run(args, stack);
    if (listed.code !== 0) throw failedTo(`read the history of ${stack}`, listed);
    const [newest] = JSON.parse(listed.stdout || '[]') as readonly {
      readonly message?: string;
      readonly result: string;
      readonly endTime?: string;
    }[];
    if (newest?.endTime === undefined) return undefined;
    return {
      deployment: newest.message ?? '',
      result: newest.result === 'succeeded' ? 'succeeded' : 'failed',
      endedAt: instant(Date.parse(newest.endTime)),
    };
  }
}

function failedTo(what: string, { stderr, code }: { readonly stderr: string; readonly code: number }): Error {
  const line = stderr.split('\n').find((each) => each.trim() !== '') ?? `exit code ${code}`;
  return new Error(`could not ${what}: ${redact(line.replace(/^error: /, ''))}`);
}
