import type { Environment, Project } from './project';

/** How many stack operations may run at once; plain data. */
export interface Room {
  /** In all: what this machine and the state backend bear. */
  readonly parallel: number;
  /** By stack: its account, and how many may run there. Stacks of accounts without a limit are not in it. */
  readonly accounts?: ReadonlyMap<string, { readonly account: string; readonly most: number }>;
}

/** `parallel`: where the project does not say it. */
export function roomOf({ engine, environments, stacks }: Project, parallel: number): Room {
  const { perBackend = Number.POSITIVE_INFINITY, perAccount, accounts = {} } = engine.limits ?? {};
  const limited = Object.values(stacks).flatMap(({ name, environment = '' }) => {
    const account = accountOf(environment, environments[environment]);
    const most = accounts[account] ?? perAccount;
    return most === undefined ? [] : [[name, { account, most }] as const];
  });
  return { parallel: Math.min(engine.parallel ?? parallel, perBackend), accounts: new Map(limited) };
}

/**
 * The account that an environment block works in: the one it names, its role's, its profile's; else a block is an account of
 * its own, and stacks without a block share the one of whoever runs the program (`''`).
 */
export function accountOf(
  name: string,
  block: Pick<Environment, 'account' | 'role' | 'profile'> | undefined,
): string {
  const ofRole = /^arn:[^:]*:iam::(\d+):/.exec(block?.role ?? '')?.[1];
  return block?.account ?? ofRole ?? block?.profile ?? name;
}

/** Those of the waiting stacks that may start beside the busy ones, in their order. */
export function startable(
  waiting: readonly string[],
  busy: Iterable<string>,
  { parallel, accounts }: Room,
): string[] {
  const running = [...busy];
  const isIn = (account: string) => (stack: string) => accounts?.get(stack)?.account === account;
  const chosen: string[] = [];
  for (const stack of waiting) {
    if (running.length >= parallel) break;
    const limit = accounts?.get(stack);
    if (limit && running.filter(isIn(limit.account)).length >= limit.most) continue;
    chosen.push(stack);
    running.push(stack);
  }
  return chosen;
}
