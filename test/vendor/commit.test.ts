import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { commitPins } from '../../src/vendor/commit';
import { treeDigest } from '../../src/vendor/digest';
import { dirtOf } from '../../src/vendor/dirty';
import { loadStore } from '../../src/vendor/store';
import { swapPins } from '../../src/vendor/swap';
import { filesOf, makeWorld, messages, must, type World } from './world';

describe('a track in git', () => {
  let world: World;
  const files = filesOf({ 'index.ts': 'one', 'ignored.log': 'kept all the same' });
  const pins = { web: { commit: '1'.repeat(40), digest: treeDigest(files) } };
  beforeEach(() => {
    world = makeWorld();
    world.commit({ '.gitignore': 'node_modules\n.signalbox\n*.log\n', 'notes.txt': 'a' });
    loadStore(world.root).put(files);
  });
  afterEach(() => world.done());

  it('is dirty with uncommitted pins, clean after their commit, dirty again after an edit', async () => {
    expect(must(await dirtOf(world.root, 'beta'))).to.deep.include({ drift: [], uncommitted: [] });
    must(swapPins(world.root, { track: 'beta', pins }));
    const dirt = must(await dirtOf(world.root, 'beta'));
    expect(dirt.drift).to.deep.equal([]);
    expect([...dirt.uncommitted].sort()).to.deep.equal([
      'tracks/beta/track.lock',
      'tracks/beta/track.yaml',
      'tracks/beta/web/index.ts',
    ]);
    must(await commitPins(world.root, 'beta', 'Promote beta.2\n'));
    expect(must(await dirtOf(world.root, 'beta'))).to.deep.include({ drift: [], uncommitted: [] });
    world.write('tracks/beta/web/index.ts', 'two');
    expect(must(await dirtOf(world.root, 'beta')).drift).to.have.length(1);
  });

  it('says drift where there is no git to ask', async () => {
    must(swapPins(world.root, { track: 'beta', pins }));
    rmSync(join(world.root, '.git'), { recursive: true });
    expect(must(await dirtOf(world.root, 'beta'))).to.deep.equal({
      drift: [],
      uncommitted: [],
      hasRepository: false,
    });
    rmSync(join(world.root, 'tracks/beta/web/index.ts'));
    expect(must(await dirtOf(world.root, 'beta')).drift).to.have.length(1);
  });

  it('commits the whole track and nothing else, without hooks', async () => {
    for (const hook of ['pre-commit', 'commit-msg', 'post-commit']) {
      world.write(`.git/hooks/${hook}`, `#!/bin/sh\ntouch ${world.root}/hooked\nexit 1\n`);
      chmodSync(join(world.root, '.git/hooks', hook), 0o755);
    }
    world.write('notes.txt', 'b');
    world.git('add', 'notes.txt');
    must(swapPins(world.root, { track: 'beta', pins }));
    const { commit } = must(await commitPins(world.root, 'beta', 'Promote beta.2\n\n-m evil'));
    expect(world.git('rev-parse', 'HEAD')).to.equal(commit);
    expect(world.git('log', '-1', '--format=%B')).to.equal('Promote beta.2\n\n-m evil');
    expect(world.git('show', '--format=', '--name-only', 'HEAD').split('\n')).to.deep.equal([
      'tracks/beta/track.lock',
      'tracks/beta/track.yaml',
      'tracks/beta/web/ignored.log',
      'tracks/beta/web/index.ts',
    ]);
    expect(world.git('diff', '--cached', '--name-only')).to.equal('notes.txt');
    expect(existsSync(join(world.root, 'hooked'))).to.equal(false);
    must(swapPins(world.root, { track: 'beta', pins: {} }));
    must(await commitPins(world.root, 'beta', 'Empty it'));
    expect(world.git('ls-files', 'tracks/beta')).to.equal('tracks/beta/track.lock\ntracks/beta/track.yaml');
    expect(must(await commitPins(world.root, 'beta', 'again'))).to.deep.equal({});
  });

  it('is a problem without an identity or a repository', async () => {
    world.git('config', 'user.email', '');
    world.git('config', '--unset', 'user.name');
    const kept = { HOME: process.env['HOME'], GIT_AUTHOR_NAME: process.env['GIT_AUTHOR_NAME'] };
    process.env['HOME'] = world.root;
    delete process.env['GIT_AUTHOR_NAME'];
    try {
      must(swapPins(world.root, { track: 'beta', pins }));
      world.git('config', '--unset', 'user.email');
      expect(messages(await commitPins(world.root, 'beta', 'x'))).to.include('git does not know who you are');
      rmSync(join(world.root, '.git'), { recursive: true });
      expect(messages(await commitPins(world.root, 'beta', 'x'))).to.include('not a git repository');
    } finally {
      for (const [name, value] of Object.entries(kept)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
