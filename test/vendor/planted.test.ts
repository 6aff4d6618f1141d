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
