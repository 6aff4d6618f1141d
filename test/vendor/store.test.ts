import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { compiledFolder } from '../../src/vendor/compile';
import { hexOf } from '../../src/vendor/digest';
import { loadStore } from '../../src/vendor/store';
import { component, filesOf, makeWorld, messages, must, type World } from './world';

describe('store', () => {
  let world: World;
  beforeEach(() => {
    world = makeWorld({ git: false });
  });
  afterEach(() => world.done());

  it('gives back what was put, by digest, in this process and the next', () => {
    const digest = loadStore(world.root).put(filesOf({ 'index.ts': 'one', 'a/b.txt': 'two' }));
    const store = loadStore(world.root);
    expect(store.folder(digest)).to.equal(join(world.root, '.signalbox/store', hexOf(digest)));
    expect([...must(store.read(digest)).keys()].sort()).to.deep.equal(['a/b.txt', 'index.ts']);
    expect(store.put(filesOf({ 'a/b.txt': 'two', 'index.ts': 'one' }))).to.equal(digest);
    expect(readdirSync(join(world.root, '.signalbox/store'))).to.deep.equal([hexOf(digest)]);
  });

  it('does not know content whose files were changed, even after it was verified, and heals when it is put again', () => {
    const store = loadStore(world.root);
    const files = filesOf({ 'index.ts': 'one' });
    const digest = store.put(files);
    expect(store.has(digest)).to.equal(true);
    const path = join(store.folder(digest) ?? '', 'index.ts');
    chmodSync(path, 0o644);
    writeFileSync(path, 'two');
    expect(store.has(digest)).to.equal(false);
    expect(messages(store.read(digest))).to.include('is not in the store');
    store.put(files);
    expect(store.has(digest)).to.equal(true);
  });

  it('takes nothing that is no digest for a path', () => {
    expect(loadStore(world.root).folder('sha256:../../../etc')).to.equal(undefined);
  });
});

describe('compiled content', () => {
  let world: World;
  beforeEach(() => {
    world = makeWorld({ git: false });
  });
  afterEach(() => world.done());

  const files = filesOf({
    'index.ts': component(
      "import data from './data.json'; import { port } from './lib/port.ts'; export const sum: number = data.n + port;",
    ),
    'lib/port.ts': 'export const port: number = 80;',
    'data.json': '{"n": 1}',
  });

  it('runs as CommonJS although the repository is a module, and is made once', async () => {
    world.write('package.json', '{"type": "module"}');
    const store = loadStore(world.root);
    const digest = store.put(files);
    const folder = must(await compiledFolder(world.root, digest, store));
    const loaded = createRequire(join(folder, 'index.js'))(join(folder, 'index.js'));
    expect(loaded.sum).to.equal(81);
    expect(loaded.default.name).to.equal('Thing');
    expect(await compiledFolder(world.root, digest)).to.deep.equal({ ok: true, value: folder });
  });

  it('comes out the same when several make it at once', async () => {
    const digest = loadStore(world.root).put(files);
    const all = await Promise.all(Array.from({ length: 4 }, () => compiledFolder(world.root, digest)));
    expect(new Set(all.map(must)).size).to.equal(1);
    expect(readdirSync(join(world.root, '.signalbox/store')).length).to.equal(2);
  });

  it('is made anew when somebody changed it', async () => {
    const digest = loadStore(world.root).put(files);
    const folder = must(await compiledFolder(world.root, digest));
    rmSync(join(folder, 'index.js'));
    writeFileSync(join(folder, 'index.js'), 'evil');
    expect(must(await compiledFolder(world.root, digest))).to.equal(folder);
    expect(createRequire(__filename)(join(folder, 'index.js')).sum).to.equal(81);
  });

  it('is a problem where it does not parse or is not stored', async () => {
    const digest = loadStore(world.root).put(filesOf({ 'index.ts': 'const = ;' }));
    expect(messages(await compiledFolder(world.root, digest))).to.include('does not compile');
    expect(messages(await compiledFolder(world.root, `sha256:${'0'.repeat(64)}`))).to.include(
      'not in the store',
    );
  });
});
