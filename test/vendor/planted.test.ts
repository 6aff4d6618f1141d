import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { planted } from '../../src/vendor/planted';
import { makeWorld, type World } from './world';

const PLANTED = '.signalbox/store/0123.js/index.js';

describe('a .signalbox that was not made here', () => {
  let world: World;
  beforeEach(() => {
    world = makeWorld();
  });
  afterEach(() => world.done());
  const said = async () => (await planted(world.root))?.message;

  it('is believed where git does not know it, and where there is none', async () => {
    expect(await said()).to.equal(undefined);
    world.commit({ 'signalbox.yaml': '' });
    world.write(PLANTED, '');
    expect(await said()).to.equal(undefined);
  });

  it('is refused where anything in it came with the repository', async () => {
    world.write(PLANTED, '');
    world.git('add', '--force', PLANTED);
    expect(await said()).to.equal(`came with the repository: git keeps ${PLANTED}`);
  });

  for (const [how, arrange] of Object.entries({
    'in a folder of the repository': () => {},
    'by an index that leaves out what paths begin with alike': () =>
      world.git('update-index', '--index-version', '4'),
    'by an index in two parts': () => world.git('update-index', '--split-index'),
  })) {
    it(`is refused where git keeps it ${how}`, async () => {
      const root = join(world.root, 'in');
      world.write('in/.sign', '');
      world.write(`in/${PLANTED}`, '');
      world.git('add', '--force', '.');
      arrange();
      expect((await planted(root))?.message).to.equal(`came with the repository: git keeps ${PLANTED}`);
    });
  }

  it('is refused where git keeps it in a folder that its index names as a whole', async () => {
    world.commit({ '.gitignore': '', [`in/${PLANTED}`]: '', 'out/a': '' });
    world.git('sparse-checkout', 'set', '--sparse-index', 'out');
    world.write(`in/${PLANTED}`, '');
    const said = await planted(join(world.root, 'in'));
    expect(said?.message).to.equal(`came with the repository: git keeps ${PLANTED}`);
  });

  it('is refused where a linked worktree keeps it', async () => {
    world.commit({ '.gitignore': '', [PLANTED]: '' });
    const root = join(world.root, 'other');
    world.git('worktree', 'add', '--detach', root);
    expect((await planted(root))?.message).to.equal(`came with the repository: git keeps ${PLANTED}`);
  });

  it('is refused where it is a repository of its own that git keeps', async () => {
    world.commit({ 'signalbox.yaml': '' });
    world.git('clone', '--quiet', '.', '.signalbox');
    world.git('add', '--force', '.signalbox');
    expect(await said()).to.equal('came with the repository: git keeps .signalbox');
  });

  it('is refused where it leads elsewhere', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'signalbox-elsewhere-'));
    symlinkSync(elsewhere, join(world.root, '.signalbox'));
    expect(await said()).to.equal('is no folder of its own');
    rmSync(elsewhere, { recursive: true });
    expect(await said(), 'a link to nothing').to.equal('is no folder of its own');
  });

  it('is refused where git cannot say', async () => {
    mkdirSync(join(world.root, '.signalbox'));
    world.write('.git/index', 'no index');
    expect(await said()).to.include('may have come with the repository');
  });

  it('is believed where there is no repository', async () => {
    mkdirSync(join(world.root, '.signalbox'));
    rmSync(join(world.root, '.git'), { recursive: true });
    expect(await said()).to.equal(undefined);
  });
});
