import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Limits, Project } from '../../../src/core/project';
import { type Leave, Places } from '../../../src/engine/automation/places';
import type { Context } from '../../../src/engine/port';
import { context, makeWorld, valueIn } from './world';

const never: Context = { signal: new AbortController().signal };

/** Stacks `a` and `b` of one account, `c` of another. */
const project = (limits: Limits): Project =>
  ({
    engine: { limits },
    environments: { one: { account: 'one:1', variables: [] }, two: { account: 'two', variables: [] } },
    stacks: {
      a: { name: 'a', environment: 'one' },
      b: { name: 'b', environment: 'one' },
      c: { name: 'c', environment: 'two' },
    },
  }) as unknown as Project;

describe('the places of all commands on a folder', function () {
  this.timeout(120_000);
  let root: string;
  const others: ChildProcess[] = [];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'signalbox-places-'));
  });
  afterEach(() => {
    for (const other of others.splice(0)) other.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  /** Whether there is a place at once; a signal that came already ends the wait before the first look is over. */
  const isFree = async (places: Places, stack: string): Promise<boolean> => {
    const wait = new AbortController();
    const taken = places.take(stack, { signal: wait.signal });
    await new Promise((resolve) => setImmediate(resolve));
    wait.abort();
    const leave = await taken;
    leave?.();
    return leave !== undefined;
  };
  const taken = async (places: Places, stack: string): Promise<Leave> => {
    const leave = await places.take(stack, never);
    if (!leave) throw new Error('no place');
    return leave;
  };

  it('are shared: what one command has no other one gets, on the backend and in each account', async () => {
    const limits = { perBackend: 2, perAccount: 1, accounts: {} };
    const [one, other] = [new Places(root, project(limits)), new Places(root, project(limits))];
    const leave = await taken(one, 'a');
    expect(await isFree(other, 'b'), 'the account is full').to.equal(false);
    expect(await isFree(other, 'c'), 'another account').to.equal(true);
    const leaveOther = await taken(other, 'c');
    expect(await isFree(one, 'c'), 'the backend is full').to.equal(false);
    leave();
    leaveOther();
    expect(await isFree(other, 'b')).to.equal(true);
  });

  it('say why an operation waits for one, once it does for long', async () => {
    const limits = { perBackend: 1, perAccount: 1, accounts: {} };
    const [one, other] = [new Places(root, project(limits)), new Places(root, project(limits))];
    const leave = await taken(one, 'a');
    const reasonFor = (stack: string): Promise<string> =>
      new Promise((resolve) => {
        const wait = new AbortController();
        const onWaiting = (reason: string): void => {
          wait.abort();
          resolve(reason);
        };
        void other.take(stack, { signal: wait.signal, onWaiting });
      });
    const why = 'other commands on this folder have them all (limit 1)';
    expect(await reasonFor('b')).to.equal(`no place in account one:1: ${why}`);
    expect(await reasonFor('c')).to.equal(`no place on the backend: ${why}`);
    leave();
  });

  it('are had by whoever waits as soon as they are left, also by a command that was killed', async () => {
    const limits = { perBackend: 1, accounts: {} };
    const places = new Places(root, project(limits));
    const lock = join(root, '.signalbox', 'locks', 'backend-1.lock');
    const holder = fork(join(__dirname, '..', '..', 'vendor', 'incrementer.ts'), [lock, '', '0'], {
      execArgv: ['-r', 'ts-node/register/transpile-only'],
    });
    others.push(holder);
    await once(holder, 'message');
    const waiting = places.take('a', never);
    holder.kill('SIGKILL');
    const leave = await waiting;
    expect(leave).not.to.equal(undefined);
  });

  it('are as many as one likes where nothing limits them', async () => {
    const places = new Places(root, project({ accounts: {} }));
    for (let count = 0; count < 20; count += 1) await taken(places, 'a');
  });

  it('hold up an operation of another engine until one is left, and no longer than the user wants', async () => {
    const world = makeWorld();
    try {
      const limits = { perBackend: 1, accounts: {} };
      const engine = world.engine({ limits });
      const leave = await taken(new Places(world.root, project(limits)), 'a');
      const user = new AbortController();
      const refused = engine.preview(world.operation('x', ''), context(user.signal));
      const previewed = engine.preview(world.operation('y', ''), context());
      user.abort();
      expect((await refused).ok).to.equal(false);
      leave();
      valueIn(await previewed);
    } finally {
      await world.done();
    }
  });
});
