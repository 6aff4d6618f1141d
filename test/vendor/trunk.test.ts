import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { check } from '../../src/vendor/check';
import { pull } from '../../src/vendor/pull';
import { component, makeWorld, messages, must, type World } from './world';

describe('a trunk elsewhere', () => {
  let world: World;
  let other: World;
  beforeEach(() => {
    world = makeWorld({ git: false });
    other = makeWorld();
  });
  afterEach(() => {
    world.done();
    other.done();
  });
  const trunk = (source: string, path = 'components') =>
    world.write(
      'tracks/alpha/track.yaml',
      `track: alpha\ntrunk: { source: "${source}", path: ${path}, ref: main }\ncomponents: {}\n`,
    );

  it('is fetched into a cache, at its newest commit and at one of before', async () => {
    const first = other.commit({ 'components/web/index.ts': component() });
    const second = other.commit({ 'components/web/index.ts': component('// 2') });
    trunk(`file://${other.root}`);
    expect(must(await pull({ root: world.root, track: 'alpha' })).commit).to.equal(second);
    expect(must(await pull({ root: world.root, track: 'alpha', ref: first })).commit).to.equal(first);
    expect(world.read('tracks/alpha/web/index.ts')).to.equal(component());
    const third = other.commit({ 'components/web/index.ts': component('// 3') });
    expect(must(await pull({ root: world.root, track: 'alpha' })).commit).to.equal(third);
    expect(check({ root: world.root })).to.deep.equal([]);
  });

  it('may lie in a folder of this repository that is not its root', async () => {
    const root = join(other.root, 'infra');
    mkdirSync(root);
    renameSync(join(other.root, 'tracks'), join(root, 'tracks'));
    const commit = other.commit({ 'infra/components/web/index.ts': component() });
    expect(must(await pull({ root, track: 'alpha' })).commit).to.equal(commit);
    expect(check({ root })).to.deep.equal([]);
  });

  it('is refused where its source, ref or path is a trick, before git is asked', async () => {
    trunk('ext::sh -c true');
    expect(messages(await pull({ root: world.root, track: 'alpha' }))).to.include('has blanks');
    trunk(`file://${other.root}`, '../..');
    expect(messages(await pull({ root: world.root, track: 'alpha' }))).to.include('has ".." in its path');
    trunk(`file://${other.root}`);
    expect(messages(await pull({ root: world.root, track: 'alpha', ref: '--upload-pack=x' }))).to.include(
      'is not a ref',
    );
    expect(messages(await pull({ root: world.root, track: '../alpha' }))).to.include(
      'is not the name of a track',
    );
  });
});
