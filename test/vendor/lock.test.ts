import { chmodSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { check } from '../../src/vendor/check';
import { treeDigest } from '../../src/vendor/digest';
import { seedStore } from '../../src/vendor/seed';
import { loadStore } from '../../src/vendor/store';
import { swapPins } from '../../src/vendor/swap';
import { filesOf, makeWorld, must, type World } from './world';

describe('vendor check', () => {
  let world: World;
  const files = filesOf({ 'index.ts': 'one', 'lib/a.ts': 'a' });
  const digest = treeDigest(files);
  const at = (path: string) => join(world.root, 'tracks/alpha', path);
  beforeEach(() => {
    world = makeWorld({ git: false });
    loadStore(world.root).put(files);
    must(swapPins(world.root, { track: 'alpha', pins: { web: { commit: '1'.repeat(40), digest } } }));
  });
  afterEach(() => world.done());

  const found = () =>
    check({ root: world.root, tracks: ['alpha'] }).map((problem) => `${problem.file} ${problem.message}`);

  const harm: readonly (readonly [string, () => void, string])[] = [
    [
      'a file edited by hand',
      () => world.write('tracks/alpha/web/index.ts', 'two'),
      'web/index.ts was edited by hand',
    ],
    ['a missing file', () => rmSync(at('web/lib/a.ts')), 'web/lib/a.ts is missing'],
    ['a missing component', () => rmSync(at('web'), { recursive: true }), 'web is missing'],
    [
      'an extra file',
      () => world.write('tracks/alpha/web/lib/x.ts', ''),
      'web/lib/x.ts is not part of the pinned content',
    ],
    [
      'an extra folder',
      () => world.write('tracks/alpha/dns/index.ts', ''),
      'dns is a folder that is not pinned',
    ],
    [
      'a link for a file',
      () => {
        renameSync(at('web/index.ts'), join(world.root, 'elsewhere.ts'));
        symlinkSync(join(world.root, 'elsewhere.ts'), at('web/index.ts'));
      },
      'web/index.ts is a symlink',
    ],
    [
      'a link for a component',
      () => {
        renameSync(at('web'), join(world.root, 'elsewhere'));
        symlinkSync(join(world.root, 'elsewhere'), at('web'));
      },
      'web is a symlink',
    ],
    ['an executable bit', () => chmodSync(at('web/index.ts'), 0o755), 'web/index.ts was made executable'],
    ['a missing lock', () => rmSync(at('track.lock')), 'track.lock is missing'],
    [
      'a lock that is none',
      () => world.write('tracks/alpha/track.lock', '{}'),
      'track.lock is not a lock of version 1',
    ],
    [
      'a pin moved by hand',
      () =>
        world.write(
          'tracks/alpha/track.yaml',
          world.read('tracks/alpha/track.yaml').replace('1'.repeat(40), '2'.repeat(40)),
        ),
      `track.yaml "web" is pinned to commit ${'2'.repeat(40)} but locked to ${'1'.repeat(40)}`,
    ],
    [
      'a pin removed by hand',
      () => world.write('tracks/alpha/track.yaml', 'track: alpha\ncomponents: {}\n'),
      'track.lock "web" is locked but not pinned',
    ],
    [
      'a lock rewritten to fit an edit',
      () => {
        world.write('tracks/alpha/web/index.ts', 'two');
        const lock = JSON.parse(world.read('tracks/alpha/track.lock'));
        lock.components.web.files['index.ts'] =
          'sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3';
        world.write('tracks/alpha/track.lock', JSON.stringify(lock));
      },
      `web does not have the pinned digest ${digest}`,
    ],
  ];
  for (const [what, act, message] of harm)
    it(`names ${what}`, () => {
      expect(found()).to.deep.equal([]);
      act();
      expect(found()).to.include(`tracks/alpha/${message}`);
    });

  it('says how to mend it', () => {
    world.write('tracks/alpha/web/index.ts', 'two');
    expect(check({ root: world.root })[0]?.remedy).to.equal('run: npm run vendor -- pull --track alpha');
  });

  it('points at a pin that is none, with line and column', () => {
    world.write('tracks/alpha/track.yaml', 'track: alpha\ncomponents:\n  web: { commit: 1e10, digest: x }\n');
    expect(check({ root: world.root, tracks: ['alpha'] })[0]).to.include({
      file: 'tracks/alpha/track.yaml',
      line: 3,
      column: 8,
    });
  });

  it('refuses a name that is a path', () => {
    expect(check({ root: world.root, tracks: ['../../etc'] })[0]?.message).to.equal(
      '"../../etc" is not the name of a track',
    );
  });

  it('refills an empty store from sound track folders only', () => {
    rmSync(join(world.root, '.signalbox'), { recursive: true });
    expect(must(seedStore(world.root)).has(digest)).to.equal(true);
    rmSync(join(world.root, '.signalbox'), { recursive: true });
    world.write('tracks/alpha/web/index.ts', 'two');
    expect(seedStore(world.root).ok).to.equal(false);
    expect(loadStore(world.root).has(digest)).to.equal(false);
  });
});
