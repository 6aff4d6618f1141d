import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Project } from '../../core/project';
import { roomOf } from '../../core/room';
import { lockProcess } from '../../vendor/process-lock';
import type { Context } from '../port';

/** How often a place that somebody else has is asked for again, in milliseconds. */
const EVERY = 100;
/** How long it is waited for in silence, in milliseconds. */
const PATIENCE = 1_500;

/** Places of one kind: the beginning of their lock files' names, and where they are, for people. */
interface Wanted {
  readonly file: string;
  readonly title: string;
  readonly most: number;
}

/** What an operation holds while it runs. */
export type Leave = () => void;

/**
 * The places for stack operations that all commands on a repository share: as many as `engine.limits` says on the backend and
 * in each account. Each place is a lock file of the operating system's, so a command that dies leaves its places at once; a CLI
 * that outlives its command is not counted while it saves.
 */
export class Places {
  private readonly most: number | undefined;
  private readonly accounts: ReturnType<typeof roomOf>['accounts'];
  /** By name: who of this process asked last. One at a time looks for a place, in the order in which they came. */
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(
    private readonly root: string,
    project: Project,
  ) {
    this.most = project.engine.limits?.perBackend;
    this.accounts = roomOf(project, 1).accounts;
  }

  /** Waits until there is a place for an operation on the stack; undefined where the signal came first. */
  async take(stack: string, context: Context): Promise<Leave | undefined> {
    const limit = this.accounts?.get(stack);
    // Always in this order: whoever waits for the backend may hold its account, never the other way round.
    const account = limit && (await this.queue(inAccount(limit), context));
    if (limit && !account) return undefined;
    const backend =
      this.most === undefined
        ? () => {}
        : await this.queue({ file: 'backend', title: 'on the backend', most: this.most }, context);
    if (!backend) account?.();
    return (
      backend &&
      (() => {
        backend();
        account?.();
      })
    );
  }

  private queue(wanted: Wanted, context: Context): Promise<Leave | undefined> {
    const before = this.queues.get(wanted.file) ?? Promise.resolve();
    const mine = before.then(() => this.find(wanted, context));
    this.queues.set(
      wanted.file,
      mine.catch(() => {}),
    );
    return mine;
  }

  private async find(
    { file, title, most }: Wanted,
    { signal, onWaiting }: Context,
  ): Promise<Leave | undefined> {
    for (let waited = 0; ; waited += EVERY) {
      if (signal.aborted) return undefined;
      if (waited >= PATIENCE)
        onWaiting?.(`no place ${title}: other commands on this folder have them all (limit ${most})`);
      for (let place = 1; place <= most; place += 1) {
        const leave = lockProcess(join(this.root, '.signalbox', 'locks', `${file}-${place}.lock`));
        if (leave) return leave;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }
}

const inAccount = ({ account, most }: { readonly account: string; readonly most: number }): Wanted => ({
  // It may have signs that no file name has.
  file: `account-${createHash('sha256').update(account).digest('hex').slice(0, 16)}`,
  title: `in account ${account}`,
  most,
});
