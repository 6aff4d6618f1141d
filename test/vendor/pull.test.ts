import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { check } from '../../src/vendor/check';
import { ensureContent, promoteSnapshots, pull } from '../../src/vendor/pull';
import { loadStore } from '../../src/vendor/store';
import { readTrackFile } from '../../src/vendor/trackfile';
import { component, makeWorld, messages, must, type World } from './world';

describe('vendor pull', () => {
  let world: World;
  beforeEach(() => {
    world = makeWorld();
  });
  afterEach(() => world.done());

  it('brings every component of the trunk at one commit, with its schema, and pins it', async () => {
    const commit = world.commit({
      'components/web/index.ts': component("export * from './port';"),
      'components/web/port.ts': 'export const port = 80;\n',
      'components/dns/index.ts': component(),
      'components/README.md': 'not a component\n',
    });
    const pulled = must(await pull({ root: world.root, track: 'alpha' }));
    expect(pulled.commit).to.equal(commit);
    expect(pulled.changed).to.deep.equal(['dns', 'web']);
    expect(check({ root: world.root })).to.deep.equal([]);
    const schema = JSON.parse(world.read('tracks/alpha/web/schema.json'));
    expect(schema.inputs.properties.size).to.deep.equal({ default: 3, type: 'number' });
    expect(schema.inputs.required).to.equal(undefined);
    expect(schema.outputs.required).to.deep.equal(['url']);
    expect(world.read('tracks/alpha/web/port.ts')).to.equal('export const port = 80;\n');
    const pins = must(readTrackFile(world.root, 'alpha')).pins;
    expect(pins.web?.commit).to.equal(commit);
    expect(loadStore(world.root).has(pins.web?.digest ?? '')).to.equal(true);
    expect(existsSync(join(world.root, 'tracks/alpha/.swap'))).to.equal(false);
  });

  it('keeps the pin of a component whose content did not change, and drops one that left the trunk', async () => {
    const first = world.commit({
      'components/web/index.ts': component(),
      'components/dns/index.ts': component(),
      'components/old/index.ts': component(),
    });
    must(await pull({ root: world.root, track: 'alpha' }));
    rmSync(join(world.root, 'components/old'), { recursive: true });
    const second = world.commit({ 'components/web/index.ts': component('// newer') });
    const pulled = must(await pull({ root: world.root, track: 'alpha' }));
    expect(pulled.changed).to.deep.equal(['old', 'web']);
    expect(pulled.after.dns?.commit).to.equal(first);
    expect(pulled.after.web?.commit).to.equal(second);
    expect(existsSync(join(world.root, 'tracks/alpha/old'))).to.equal(false);
    expect(must(await pull({ root: world.root, track: 'alpha' })).changed).to.deep.equal([]);
  });

  it('moves only the components named', async () => {
    world.commit({ 'components/web/index.ts': component(), 'components/dns/index.ts': component() });
    must(await pull({ root: world.root, track: 'alpha' }));
    world.commit({
      'components/web/index.ts': component('//2'),
      'components/dns/index.ts': component('//2'),
    });
    const pulled = must(await pull({ root: world.root, track: 'alpha', components: ['dns'] }));
    expect(pulled.changed).to.deep.equal(['dns']);
    expect(messages(await pull({ root: world.root, track: 'alpha', components: ['nope'] }))).to.include(
      '"nope" is not a component in components',
    );
  });

  it('gives a later track what its upstream pins, without git', async () => {
    world.commit({ 'components/web/index.ts': component() });
    must(await pull({ root: world.root, track: 'alpha' }));
    rmSync(join(world.root, '.git'), { recursive: true });
    rmSync(join(world.root, '.signalbox'), { recursive: true });
    must(await pull({ root: world.root, track: 'beta' }));
    expect(world.read('tracks/beta/web/index.ts')).to.equal(world.read('tracks/alpha/web/index.ts'));
    expect(world.read('tracks/beta/track.yaml')).to.match(/^# the second track\n/);
    expect(check({ root: world.root })).to.deep.equal([]);
    expect(messages(await pull({ root: world.root, track: 'alpha' }))).to.include('not a git repository');
    expect(messages(await pull({ root: world.root, track: 'beta', ref: 'main' }))).to.include(
      'not from a ref',
    );
  });

  it('replaces what was edited by hand and says which files', async () => {
    world.commit({ 'components/web/index.ts': component() });
    must(await pull({ root: world.root, track: 'alpha' }));
    world.write('tracks/alpha/web/index.ts', 'edited\n');
    const pulled = must(await pull({ root: world.root, track: 'alpha' }));
    expect(pulled.discarded).to.deep.equal(['tracks/alpha/web/index.ts']);
    expect(world.read('tracks/alpha/web/index.ts')).to.equal(component());
  });

  it('only mends a folder that is not as pinned, however far its source has moved on', async () => {
    const commit = world.commit({ 'components/web/index.ts': component() });
    const before = must(await pull({ root: world.root, track: 'alpha' })).after;
    world.commit({ 'components/web/index.ts': component('// newer') });
    rmSync(join(world.root, 'tracks/alpha/track.lock'));
    const mended = must(await pull({ root: world.root, track: 'alpha' }));
    expect(mended.changed).to.deep.equal([]);
    expect(mended.after).to.deep.equal(before);
    expect(mended.discarded).to.deep.equal(['tracks/alpha/track.lock']);
    expect(world.read('tracks/alpha/track.yaml')).to.include(commit);
    expect(check({ root: world.root })).to.deep.equal([]);
    expect(must(await pull({ root: world.root, track: 'alpha' })).changed).to.deep.equal(['web']);
  });

  it('puts an older release back on a fresh clone, its content read from git again', async () => {
    world.commit({ 'components/web/index.ts': component() });
    const old = must(await pull({ root: world.root, track: 'alpha' })).after;
    world.commit({ 'components/web/index.ts': component('// newer') });
    must(await pull({ root: world.root, track: 'alpha' }));
    rmSync(join(world.root, '.signalbox'), { recursive: true });
    must(await promoteSnapshots({ root: world.root, track: 'alpha', pins: old }));
    expect(world.read('tracks/alpha/web/index.ts')).to.equal(component());
    const wrong = { web: { commit: old.web?.commit ?? '', digest: `sha256:${'0'.repeat(64)}` } };
    expect(messages(await ensureContent(world.root, wrong))).to.include('not the pinned sha256:000');
  });

  it('refuses a tag that was moved since it was vendored, until the commit is named', async () => {
    world.commit({ 'components/web/index.ts': component() });
    world.git('tag', '-a', '-m', 'one', 'v1');
    must(await pull({ root: world.root, track: 'alpha', ref: 'v1' }));
    const commit = world.commit({ 'components/web/index.ts': component('// newer') });
    world.git('tag', '-f', 'v1');
    expect(messages(await pull({ root: world.root, track: 'alpha', ref: 'v1' }))).to.match(
      /tag "v1" was moved from/,
    );
    expect(must(await pull({ root: world.root, track: 'alpha', ref: commit })).commit).to.equal(commit);
  });

  it('leaves the track as it was when one component is refused, and names every problem', async () => {
    world.commit({ 'components/web/index.ts': component() });
    must(await pull({ root: world.root, track: 'alpha' }));
    const before = world.read('tracks/alpha/track.yaml');
    world.commit({
      'components/web/index.ts': component("import '../dns/index';"),
      'components/dns/index.ts': component("throw new Error('no luck');"),
      'components/cdn/index.ts': 'export const inputs = 1; export default class A {}',
    });
    const said = messages(await pull({ root: world.root, track: 'alpha' }));
    expect(said).to.include('components/web/index.ts imports "../dns/index", which leaves');
    expect(said).to.include('components/dns/index.ts fails when it is imported: no luck');
    expect(said).to.include('components/cdn/index.ts exports no zod 4 schema named "inputs"');
    expect(world.read('tracks/alpha/track.yaml')).to.equal(before);
    expect(check({ root: world.root })).to.deep.equal([]);
  });
});
