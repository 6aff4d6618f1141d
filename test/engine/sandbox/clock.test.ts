import { expect } from 'chai';
import fc from 'fast-check';
import { duration, plus } from '../../../src/core/time';
import { openClock } from '../../../src/engine/sandbox/clock';
import { openStore, type Store } from '../../../src/engine/sandbox/store';
import { World } from './world';

describe('sandbox clock', () => {
  let world: World;
  let stores: Store[];
  let wall: number;
  const open = (scale?: number) => {
    const store = openStore(world.file);
    stores.push(store);
    return openClock(store, scale, () => wall);
  };

  beforeEach(() => {
    world = new World();
    stores = [];
    wall = 1_000_000;
  });
  afterEach(() => {
    for (const store of stores) store.close();
    world.remove();
  });

  it('runs as many times faster as its scale says, in every process alike', () => {
    const clock = open(60);
    const start = clock.now();
    wall += 2_000;
    expect(clock.now() - start).to.equal(120_000);
    expect(open().now()).to.equal(clock.now());
    expect(clock.scale).to.equal(60);
    expect(clock.resolution).to.equal(6_000);
  });

  it('goes on from where it was when another scale is asked for', () => {
    const before = open(3_600);
    wall += 1_000;
    const at = before.now();
    const after = open(1);
    expect(after.now()).to.equal(at);
    wall += 500;
    expect(after.now() - at).to.equal(500);
    expect(before.now() - at).to.equal(500);
    expect(before.scale).to.equal(1);
  });

  it('never goes back, whatever the wall clock, the scales and the processes do', () => {
    const step = fc.record({
      process: fc.nat(2),
      wall: fc.integer({ min: -1_500, max: 5_000 }),
      scale: fc.option(fc.constantFrom(1, 60, 3_600), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const store = openStore(`${world.folder}/${Math.floor(wall)}-${stores.length}.db`);
        stores.push(store);
        const clocks = [0, 1, 2].map(() => openClock(store, undefined, () => wall));
        let latest = 0;
        for (const each of steps) {
          wall += each.wall;
          if (each.scale !== undefined) clocks[each.process] = openClock(store, each.scale, () => wall);
          const now = clocks[each.process]?.now() ?? 0;
          expect(now).to.be.at.least(latest);
          latest = now;
        }
      }),
      { numRuns: 100 },
    );
  });

  it('waits until an instant, or until it is told to stop', async () => {
    const store = openStore(world.file);
    stores.push(store);
    const clock = openClock(store, 1_000);
    const end = plus(clock.now(), duration(3_000));
    await clock.until(end);
    expect(clock.now()).to.be.at.least(end);
    const stop = new AbortController();
    const waiting = clock.until(plus(end, duration(3_600_000_000)), stop.signal);
    stop.abort();
    await waiting;
  });
});
