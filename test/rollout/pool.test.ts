import { expect } from 'chai';
import type { Room } from '../../src/core/room';
import { pooled } from '../../src/rollout/pool';

const stackOf = (item: string): string => item.slice(0, 1);

/** Work that ends when it is told to; `running` are the items at work. */
function work() {
  const ends = new Map<string, () => void>();
  return {
    running: () => [...ends.keys()],
    start: (item: string) =>
      new Promise<string>((resolve) => {
        ends.set(item, () => {
          ends.delete(item);
          resolve(item.toUpperCase());
        });
      }),
    async end(item: string): Promise<void> {
      ends.get(item)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the previews of a fleet', () => {
  it('run as many at a time as there is room for, and answer in their order', async () => {
    const { running, start, end } = work();
    const results = pooled(['a', 'b', 'c'], { room: { parallel: 2 }, stackOf }, start);
    expect(running()).to.deep.equal(['a', 'b']);
    await end('b');
    expect(running()).to.deep.equal(['a', 'c']);
    await end('c');
    await end('a');
    expect(await results).to.deep.equal(['A', 'B', 'C']);
  });

  it('pass by those of an account that is full', async () => {
    const { running, start, end } = work();
    const limited = { account: 'one', most: 1 };
    const room: Room = {
      parallel: 3,
      accounts: new Map([
        ['a', limited],
        ['b', limited],
      ]),
    };
    const results = pooled(['a', 'b', 'c', 'd'], { room, stackOf }, start);
    expect(running()).to.deep.equal(['a', 'c', 'd']);
    await end('c');
    expect(running(), 'a place is free, the account is not').to.deep.equal(['a', 'd']);
    await end('a');
    expect(running()).to.deep.equal(['d', 'b']);
    for (const item of ['b', 'd']) await end(item);
    expect(await results).to.deep.equal(['A', 'B', 'C', 'D']);
  });

  it('may look at one stack twice', async () => {
    const { running, start, end } = work();
    const results = pooled(['a1', 'a2'], { room: { parallel: 1 }, stackOf }, start);
    expect(running()).to.deep.equal(['a1']);
    for (const item of ['a1', 'a2']) await end(item);
    expect(await results).to.deep.equal(['A1', 'A2']);
  });

  it('end at once where there are none, and fail with the first that fails', async () => {
    const none = await pooled<string, string>([], { room: { parallel: 1 }, stackOf }, async (item) => item);
    expect(none).to.deep.equal([]);
    const failing = pooled(['a', 'b'], { room: { parallel: 1 }, stackOf }, async (item) => {
      throw new Error(item);
    });
    expect(await failing.catch((error: Error) => error.message)).to.equal('a');
  });
});
