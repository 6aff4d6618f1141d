import { expect } from 'chai';
import { diff, fileDiffs } from '../../src/vendor/diff';
import { pull } from '../../src/vendor/pull';
import { component, filesOf, makeWorld, must, type World } from './world';

describe('vendor diff', () => {
  let world: World;
  beforeEach(() => {
    world = makeWorld();
  });
  afterEach(() => world.done());

  it('shows what a pull would change, and changes nothing', async () => {
    world.commit({ 'components/web/index.ts': component(), 'components/dns/index.ts': component() });
    must(await pull({ root: world.root, track: 'alpha' }));
    const lock = world.read('tracks/alpha/track.lock');
    expect(must(await diff({ root: world.root, track: 'alpha' }))).to.deep.equal([]);
    const commit = world.commit({ 'components/web/index.ts': component('// newer') });
    const [web, ...others] = must(await diff({ root: world.root, track: 'alpha' }));
    expect(others).to.deep.equal([]);
    expect(web?.component).to.equal('web');
    expect(web?.to?.commit).to.equal(commit);
    expect(web?.from?.commit).not.to.equal(commit);
    expect(web?.files.map(({ path, change }) => `${change} ${path}`)).to.deep.equal(['edited index.ts']);
    expect(web?.files[0]?.text)
      .to.match(/^--- a\/index\.ts\n\+\+\+ b\/index\.ts\n@@ /)
      .and.to.include('\n+// newer\n');
    expect(world.read('tracks/alpha/track.lock')).to.equal(lock);
  });

  it('shows edits by hand, as a pull takes them back', async () => {
    world.commit({ 'components/web/index.ts': component() });
    must(await pull({ root: world.root, track: 'alpha' }));
    world.write('tracks/alpha/web/index.ts', `${component()}// by hand\n`);
    world.write('tracks/alpha/web/more.ts', 'x\n');
    const [web] = must(await diff({ root: world.root, track: 'alpha' }));
    expect(web?.from).to.deep.equal(web?.to);
    expect(web?.files.map(({ path, change }) => `${change} ${path}`)).to.deep.equal([
      'edited index.ts',
      'removed more.ts',
    ]);
    expect(web?.files[0]?.text).to.include('\n-// by hand\n');
  });

  it('tells added, removed, edited, binary and mode apart', async () => {
    const old = filesOf({ a: '1\n', b: '2\n', c: '3\n', d: '\0\u0001' });
    const fresh = new Map(filesOf({ b: '2\n', c: '4\n', d: '\0\u0002', 'e/f': '5\n' }));
    fresh.set('b', { content: Buffer.from('2\n'), executable: true });
    const found = await fileDiffs(old, fresh);
    expect(found.map(({ path, change }) => `${change} ${path}`)).to.deep.equal([
      'removed a',
      'mode b',
      'edited c',
      'edited d',
      'added e/f',
    ]);
    expect(found[0]?.text).to.include('-1\n');
    expect(found[2]?.text).to.include('-3\n+4\n');
    expect(found[3]?.text).to.match(/^Binary files /);
    expect(found[4]?.text).to.include('+++ b/e/f\n@@ -0,0 +1 @@\n+5\n');
  });
});
