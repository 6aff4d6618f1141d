import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { git, gitFault } from '../../src/vendor/git';
import { isRef, openSource, parseSource } from '../../src/vendor/source';
import { component, makeWorld, messages, must, type World } from './world';

describe('sources', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['ext::sh -c touch% /tmp/x', 'has blanks'],
    ['ext::sh', 'runs a transport helper'],
    ['fd::17', 'runs a transport helper'],
    ['-uevil', 'looks like an option'],
    ['--upload-pack=evil', 'looks like an option'],
    ['ssh://-oProxyCommand=evil/x', 'looks like an option'],
    ['-oProxyCommand=evil@host:x', 'looks like an option'],
    ['http://example.com/x', 'uses the protocol http'],
    ['git://example.com/x', 'uses the protocol git'],
    ['https://me:hunter2@example.com/x', 'holds credentials'],
    ['https://token@example.com/x', 'holds credentials'],
    ['ssh://git:hunter2@example.com/x', 'holds credentials'],
    ['file://host/share', 'names a host'],
    ['github.com/x/y', 'is neither a path nor a URL'],
    ['https://example.com/\u001b[31m', 'has blanks or control characters'],
    ['', 'has blanks'],
  ];
  for (const [source, why] of refused)
    it(`refuses ${JSON.stringify(source)}`, () => {
      const said = messages(parseSource(source, '/root'));
      expect(said).to.include(why);
      for (const secret of ['hunter2', 'token@', '\u001b']) expect(said).not.to.include(secret);
    });

  it('takes this repository, paths, and file, https and ssh URLs', () => {
    for (const source of [
      '.',
      '../other',
      '/srv/x y'.replace(' ', ''),
      'file:///srv/x',
      'https://example.com/a/b.git',
      'ssh://git@example.com/a',
      'git@example.com:a/b.git',
    ])
      expect(messages(parseSource(source, '/root')), source).to.equal('no problem');
  });

  it('takes only what can be nothing but a ref', () => {
    for (const ref of ['main', 'v1.2.3', 'release/2024-1', 'HEAD', 'HEAD~2', 'a'.repeat(40), 'refs/heads/x'])
      expect(isRef(ref), ref).to.equal(true);
    for (const ref of [
      '',
      '-x',
      '--upload-pack=x',
      'a..b',
      'main@{1}',
      ':/fix',
      'a b',
      'x^{tree}',
      'a:b',
      'x\n',
      'a*',
    ])
      expect(isRef(ref), ref).to.equal(false);
  });
});

describe('resolving refs', () => {
  let world: World;
  let other: World;
  let first: string;
  let second: string;
  before(() => {
    world = makeWorld();
    other = makeWorld();
    first = other.commit({ 'components/web/index.ts': component() });
    other.git('tag', '-a', '-m', 'one', 'v1');
    second = other.commit({ 'components/web/index.ts': component('// 2') });
    other.git('branch', 'both', first);
    other.git('tag', 'both', second);
  });
  after(() => {
    world.done();
    other.done();
  });

  const resolveIn = async (source: string, root: string, ref: string) => {
    const parsed = must(parseSource(source, root));
    return openSource(root, parsed, ref);
  };

  for (const kind of ['here', 'fetched'] as const)
    it(`finds branches, tags through their object, and commits (${kind})`, async () => {
      const source = kind === 'here' ? '.' : `file://${other.root}`;
      const root = kind === 'here' ? other.root : world.root;
      const commitOf = async (ref: string) => must(await resolveIn(source, root, ref)).resolved;
      expect(await commitOf('main')).to.deep.equal({ commit: second, ref: 'main', moves: true });
      expect(await commitOf('HEAD')).to.deep.equal({ commit: second, ref: 'HEAD', moves: true });
      expect(await commitOf('v1')).to.deep.equal({ commit: first, ref: 'v1', moves: false });
      expect(await commitOf('refs/tags/v1')).to.deep.equal({
        commit: first,
        ref: 'refs/tags/v1',
        moves: false,
      });
      expect(await commitOf(first)).to.deep.equal({ commit: first, ref: first, moves: false });
      expect(messages(await resolveIn(source, root, 'both'))).to.include('ref "both" is ambiguous');
      expect(messages(await resolveIn(source, root, 'nope'))).to.include('ref "nope" does not exist');
      expect(messages(await resolveIn(source, root, '0'.repeat(40)))).to.match(/no commit 0+|does not exist/);
    });

  it('asks a repository that is not there only once and says so', async () => {
    expect(messages(await resolveIn('./nothing', world.root, 'main'))).to.match(/cannot read \.\/nothing: /);
  });

  it('is not led elsewhere by the variables a hook sets', async () => {
    process.env['GIT_DIR'] = join(other.root, '.git');
    try {
      const answer = await git(['rev-parse', '--absolute-git-dir'], { cwd: world.root });
      expect(answer.kind === 'ended' && answer.stdout.toString().trim()).to.equal(join(world.root, '.git'));
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  it('runs no transport helper and stops what takes or says too much', async () => {
    const marker = join(world.root, 'marker');
    const helper = await git(['ls-remote', `ext::touch ${marker}`], { cwd: world.root });
    expect(gitFault(helper)).to.match(/transport 'ext' not allowed/);
    const slow = await git(['cat-file', '--batch-all-objects', '--batch'], { cwd: other.root, timeout: 1 });
    expect(gitFault(slow)).to.include('took longer than');
    writeFileSync(marker, 'x'.repeat(5000));
    const object = world.git('hash-object', '-w', 'marker');
    const much = await git(['cat-file', 'blob', object], { cwd: world.root, limit: 100 });
    expect(gitFault(much)).to.include('answered more than 100 bytes');
  });
});
