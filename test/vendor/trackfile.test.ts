import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTrackFile } from '../../src/vendor/trackfile';
import { makeWorld, messages, type World } from './world';

describe('the file of a track', () => {
  let world: World;
  beforeEach(() => {
    world = makeWorld({ git: false });
  });
  afterEach(() => world.done());
  const read = (text: string): string => {
    world.write('tracks/beta/track.yaml', text);
    return messages(readTrackFile(world.root, 'beta'));
  };

  const refused: readonly (readonly [string, string, string])[] = [
    ['is more than anybody writes', `components:\n${'  a: 1\n'.repeat(20_000)}`, 'is larger than 100 kB'],
    [
      'is a bomb of aliases',
      `a: &a [1]\n${'bcdefghij'.replace(/./g, (key, at: number) => `${key}: &${key} [*${'abcdefghi'[at]}, *${'abcdefghi'[at]}]\n`)}components: {}\n`,
      'cannot be read',
    ],
    ['is as deep as a bomb', `components: ${'['.repeat(5_000)}`, ''],
    ['pins a prototype', 'components: { __proto__: { commit: a, digest: b } }', 'is not pinned'],
    ['says a thing twice', 'components: {}\ncomponents: {}\n', 'unique'],
  ];
  for (const [what, text, message] of refused)
    it(`is a problem where it ${what}`, () => {
      expect(read(text)).not.to.equal('no problem');
      expect(read(text)).to.include(message);
    });

  it('is a problem where its folder leads elsewhere, and where it has no name of a track', () => {
    rmSync(join(world.root, 'tracks/beta'), { recursive: true });
    mkdirSync(join(world.root, 'elsewhere'));
    symlinkSync('../elsewhere', join(world.root, 'tracks/beta'));
    expect(messages(readTrackFile(world.root, 'beta'))).to.include('is a symlink');
    for (const name of ['..', '__proto__', 'a/b', '-x'])
      expect(messages(readTrackFile(world.root, name))).to.include('is not the name of a track');
  });
});
