import { expect } from 'chai';
import { git } from '../../src/vendor/git';
import { openSource } from '../../src/vendor/source';
import { listComponents, readTree } from '../../src/vendor/tree';
import { component, makeWorld, messages, must, type World } from './world';

describe('reading a component at a commit', () => {
  let world: World;
  before(() => {
    world = makeWorld();
    world.commit({ 'components/good/index.ts': component() });
  });
  after(() => world.done());

  const read = async (commit: string) => {
    const { repository } = must(
      await openSource(world.root, { kind: 'here', title: 'this repository' }, commit),
    );
    return readTree(repository, { commit, path: 'components/bad' });
  };
  const file = (path: string, content = 'x', mode = '100644') => ({ mode, path, content });

  const hostile: readonly (readonly [string, Parameters<World['commitTree']>[1], string])[] = [
    ['a symlink', [file('link', '/etc/passwd', '120000')], 'components/bad/link is a symlink'],
    ['a submodule', [file('sub', '1'.repeat(40), '160000')], 'components/bad/sub is a submodule'],
    [
      'two names that differ in case',
      [file('a.ts'), file('A.ts')].sort((a, b) => (a.path < b.path ? -1 : 1)),
      'differs from "A.ts" only in case',
    ],
    ['a backslash', [file('a\\b.ts')], 'has a backslash in its name'],
    ['a control character', [file('a\nb.ts')], 'components/bad/a\ufffdb.ts has a control character'],
    ['a dot folder of git', [file('.GIT')], 'would lie in a .git folder'],
    ['a short name of .git', [file('git~1')], 'would lie in a .git folder'],
    [
      'an LFS pointer',
      [file('big.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n')],
      'is a Git LFS pointer',
    ],
    ['a schema of its own', [file('schema.json', '{}')], 'is written when a component is vendored'],
    ['a name for Windows streams', [file('name:stream')], 'has a name not every platform can hold'],
    ['packages of its own', [file('node_modules')], 'brings packages of its own'],
    ['too much', [file('big.bin', 'x'.repeat(11 * 1024 * 1024))], 'is larger than 10 MiB'],
  ];
  for (const [what, entries, message] of hostile)
    it(`refuses ${what}`, async () => {
      const commit = world.commitTree('bad', entries);
      expect(messages(await read(commit))).to.include(message);
    });

  it('refuses a path that climbs out', async () => {
    const inner = world.commitTree('bad', [file('evil.ts')]);
    const tree = world.git('rev-parse', `${inner}:components/bad`);
    const commit = world.commitTree('bad', [file('..', tree, '040000')]);
    expect(messages(await read(commit))).to.include('has ".." in its path');
  });

  it('reads what git stored, byte by byte, whatever attributes ask for', async () => {
    const commit = world.commit({
      '.gitattributes': '* text eol=crlf export-subst\n*.txt export-ignore\n',
      'components/bad/index.ts': '$Format:%H$\r\nä\0',
      'components/bad/notes.txt': 'kept',
    });
    world.git('update-index', '--chmod=+x', 'components/bad/notes.txt');
    world.git('commit', '-q', '-m', 'x');
    const files = must(await read(world.git('rev-parse', 'HEAD')));
    expect(Buffer.from(files.get('index.ts')?.content ?? []).toString()).to.match(/^\$Format:%H\$\r?\nä\0$/);
    expect(files.get('notes.txt')?.executable).to.equal(true);
    expect(commit).to.have.length(40);
  });

  it('lists folders as components and refuses links and submodules among them', async () => {
    const { repository, resolved } = must(
      await openSource(world.root, { kind: 'here', title: 'this repository' }, 'main'),
    );
    const listed = await listComponents(repository, { commit: resolved.commit, path: 'components' });
    expect(must(listed)).to.deep.equal(['bad', 'good']);
    const tree = world.git('rev-parse', 'main:components/good');
    const lines = [`120000 blob ${'0'.repeat(40)}\tlink`, `040000 tree ${tree}\tok`];
    const answer = await git(['mktree', '--missing'], { cwd: world.root, stdin: `${lines.join('\n')}\n` });
    const folder = answer.kind === 'ended' ? answer.stdout.toString().trim() : '';
    const top = await git(['mktree'], { cwd: world.root, stdin: `040000 tree ${folder}\tcomponents\n` });
    const commit = world.git(
      'commit-tree',
      '-m',
      'x',
      top.kind === 'ended' ? top.stdout.toString().trim() : '',
    );
    expect(messages(await listComponents(repository, { commit, path: 'components' }))).to.include(
      'components/link is a symlink',
    );
    expect(messages(await listComponents(repository, { commit, path: 'nowhere' }))).to.include(
      'there is no folder',
    );
  });
});
