import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { check } from '../../src/vendor/check';
import { treeDigest } from '../../src/vendor/digest';
import { type Disk, realDisk } from '../../src/vendor/disk';
import { lockProcess } from '../../src/vendor/process-lock';
import { loadStore } from '../../src/vendor/store';
import { recoverSwaps, swapPins } from '../../src/vendor/swap';
import { type Pins, readTrackFile } from '../../src/vendor/trackfile';
import { filesOf, makeWorld, messages, must, type World } from './world';

const contents = {
  one: filesOf({ 'index.ts': 'one', 'lib/a.ts': 'a', 'lib/b.ts': 'b' }),
  two: filesOf({ 'index.ts': 'two', 'lib/c.ts': 'c' }),
  three: filesOf({ 'index.ts': 'three' }),
};
const pin = (files: keyof typeof contents, digit: string) => ({
  commit: digit.repeat(40),
  digest: treeDigest(contents[files]),
});
const before: Pins = { net: pin('one', '1'), web: pin('two', '1'), old: pin('three', '1') };
const after: Pins = { net: pin('two', '2'), web: pin('two', '1'), fresh: pin('three', '2') };

/** Does as told until the given step, then nothing ever again, like a process that was killed. */
function dyingDisk(steps: number, how: 'before' | 'halfway'): { disk: Disk; taken: () => number } {
  let taken = 0;
  const step =
    <T extends unknown[]>(act: (...args: T) => void, half?: (...args: T) => void) =>
    (...args: T) => {
      if (taken++ < steps) return act(...args);
      if (taken === steps + 1 && how === 'halfway') half?.(...args);
      throw new Error('killed');
    };
  const disk: Disk = {
    makeFolder: step(realDisk.makeFolder),
    write: step(realDisk.write, (path, content) => writeFileSync(path, content.slice(0, content.length / 2))),
    rename: step(realDisk.rename, realDisk.rename),
    remove: step(realDisk.remove),
    settle: step(realDisk.settle),
  };
  return { disk, taken: () => taken };
}

describe('swapping the pins of a track', () => {
  let world: World;
  const swap = (pins: Pins, disk?: Disk) => swapPins(world.root, { track: 'beta', pins }, disk);
  const start = () => {
    world = makeWorld({ git: false });
    const store = loadStore(world.root);
    for (const files of Object.values(contents)) store.put(files);
    must(swap(before));
  };
  beforeEach(start);
  afterEach(() => world.done());

  const folders = () => readdirSync(join(world.root, 'tracks/beta')).sort();

  it('changes pins, lock and snapshots together and says what changed', () => {
    const swapped = must(swap(after));
    expect(swapped.changed).to.deep.equal(['fresh', 'net', 'old']);
    expect(check({ root: world.root, tracks: ['beta'] })).to.deep.equal([]);
    expect(folders()).to.deep.equal(['fresh', 'net', 'track.lock', 'track.yaml', 'web']);
    expect(world.read('tracks/beta/track.yaml')).to.match(/^# the second track\n/);
    expect(readdirSync(join(world.root, '.signalbox/swaps'))).to.deep.equal([]);
    must(swap(before));
    expect(must(readTrackFile(world.root, 'beta')).pins).to.deep.equal(before);
  });

  it('touches nothing when the content of a pin is nowhere', () => {
    const text = world.read('tracks/beta/track.lock');
    const missing = { net: { commit: '1'.repeat(40), digest: `sha256:${'9'.repeat(64)}` } };
    expect(messages(swap(missing))).to.include('neither in the store nor in a track');
    expect(world.read('tracks/beta/track.lock')).to.equal(text);
    expect(folders()).not.to.include('.swap');
  });

  for (const how of ['before', 'halfway'] as const)
    it(`ends whole, old or new, after a crash at every step (${how} it)`, () => {
      const counting = dyingDisk(Number.MAX_SAFE_INTEGER, how);
      must(swap(after, counting.disk));
      const steps = counting.taken();
      expect(steps).to.be.greaterThan(20);
      const ends = { old: 0, new: 0 };
      for (let step = 0; step < steps; step++) {
        world.done();
        start();
        swap(after, dyingDisk(step, how).disk);
        const journal = existsSync(join(world.root, '.signalbox/swaps/beta.json'));
        const finished = must(recoverSwaps(world.root));
        expect(finished, `step ${step}`).to.deep.equal(journal ? ['beta'] : []);
        expect(check({ root: world.root, tracks: ['beta'] }), `step ${step}`).to.deep.equal([]);
        const pins = must(readTrackFile(world.root, 'beta')).pins;
        const isNew = 'fresh' in pins;
        expect(pins).to.deep.equal(isNew ? after : before);
        expect(folders()).not.to.include('.swap');
        expect(existsSync(join(world.root, 'tracks/beta/old'))).to.equal(!isNew);
        ends[isNew ? 'new' : 'old']++;
        expect(must(recoverSwaps(world.root))).to.deep.equal([]);
        must(swap(after));
        expect(must(readTrackFile(world.root, 'beta')).pins).to.deep.equal(after);
      }
      expect(ends.old).to.be.greaterThan(5);
      expect(ends.new).to.be.greaterThan(5);
    });

  it('finishes after a crash while it was finishing', () => {
    const total = dyingDisk(Number.MAX_SAFE_INTEGER, 'before');
    must(swap(after, total.disk));
    for (let step = 0; step < total.taken(); step += 3) {
      world.done();
      start();
      swap(after, dyingDisk(total.taken() - 8, 'before').disk);
      recoverSwaps(world.root, dyingDisk(step, 'halfway').disk);
      must(recoverSwaps(world.root));
      expect(check({ root: world.root, tracks: ['beta'] }), `step ${step}`).to.deep.equal([]);
      expect(must(readTrackFile(world.root, 'beta')).pins).to.deep.equal(after);
    }
  });

  it('keeps what somebody wrote into track.yaml between crash and recovery', () => {
    const total = dyingDisk(Number.MAX_SAFE_INTEGER, 'before');
    must(swap(after, total.disk));
    world.done();
    start();
    swap(after, dyingDisk(total.taken() - 8, 'before').disk);
    world.write('tracks/beta/track.yaml', `${world.read('tracks/beta/track.yaml')}cadence: weekly\n`);
    must(recoverSwaps(world.root));
    expect(world.read('tracks/beta/track.yaml')).to.include('cadence: weekly');
  });

  it('waits for no one while somebody else changes the track', () => {
    const unlock = lockProcess(join(world.root, '.signalbox/locks/track-beta.lock'));
    expect(messages(swap(after))).to.include('another process is changing this track right now');
    unlock?.();
    must(swap(after));
  });

  it('does not trust a journal that is none', () => {
    mkdirSync(join(world.root, '.signalbox/swaps'), { recursive: true });
    writeFileSync(join(world.root, '.signalbox/swaps/beta.json'), '{"track":"beta","pins":{"../x":{}}}');
    expect(messages(recoverSwaps(world.root))).to.include('is not a journal');
  });
});
