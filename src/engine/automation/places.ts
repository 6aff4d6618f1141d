import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Project } from '../../core/project';
import { roomOf } from '../../core/room';
import { lockProcess } from '../../vendor/process-lock';

/** How often a place that somebody else has is asked for again, in milliseconds. */
const EVERY = 100;

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
  async take(stack: string, signal: AbortSignal): Promise<Leave | undefined> {
    const limit = this.accounts?.get(stack);
    // Always in this order: whoever waits for the backend may hold its account, never the other way round.
    const account = limit && (await this.queue(`account-${digestOf(limit.account)}`, limit.most, signal));
    if (limit && !account) return undefined;
    const backend = this.most === undefined ? () => {} : await this.queue('backend', this.most, signal);
    if (!backend) account?.();
    return (
      backend &&
      (() => {
        backend();
        account?.();
      })
    );
  }

  private queue(name: string, most: number, signal: AbortSignal): Promise<Leave | undefined> {
    const before = this.queues.get(name) ?? Promise.resolve();
    const mine = before.then(() => this.find(name, most, signal));
    this.queues.set(
      name,
      mine.catch(() => {}),
    );
    return mine;
  }

  private async find(name: string, most: number, signal: AbortSignal): Promise<Leave | undefined> {
    for (;;) {
      if (signal.aborted) return undefined;
      for (let place = 1; place <= most; place += 1) {
        const leave = lockProcess(join(this.root, '.signalbox', 'locks', `${name}-${place}.lock`));
        if (leave) return leave;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }
}

/** An account may have signs that no file name has. */
const digestOf = (account: string): string => createHash('sha256').update(account).digest('hex').slice(0, 16);
