import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { postpone } from '../../../src/engine/automation/postpone';
import { context, makeWorld, valueIn, type World } from './world';

describe('a package that is loaded late', () => {
  let root: string;
  let require: NodeJS.Require;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-postpone-')));
    mkdirSync(join(root, 'node_modules', 'heavy'), { recursive: true });
    writeFileSync(
      join(root, 'node_modules', 'heavy', 'index.js'),
      'globalThis.loads = (globalThis.loads ?? 0) + 1; exports.Answer = class { is = 42 }; exports.other = 1;',
    );
    require = createRequire(join(root, 'index.js'));
    delete (globalThis as { loads?: number }).loads;
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const loads = (): number => (globalThis as { loads?: number }).loads ?? 0;

  it('is loaded once, when something of it is first looked at', () => {
    postpone(require, ['heavy']);
    const heavy = require('heavy') as { Answer: new () => { is: number }; other: number };
    // What a compiled `import * as` asks.
    expect((heavy as unknown as { __esModule: boolean }).__esModule).to.equal(true);
    expect(loads()).to.equal(0);
    expect(new heavy.Answer().is).to.equal(42);
    expect(heavy.other).to.equal(1);
    const { default: whole } = heavy as unknown as { default: unknown };
    expect(whole, 'what a compiled `import heavy from` asks').to.have.keys('Answer', 'other');
    expect(Object.keys(heavy)).to.deep.equal(['Answer', 'other']);
    expect('other' in heavy).to.equal(true);
    expect(require('heavy')).to.include({ other: 1 });
    expect(loads()).to.equal(1);
  });

  it('stays as it is where it is loaded already, or is not there', () => {
    const before: unknown = require('heavy');
    postpone(require, ['heavy', 'absent']);
    expect(require('heavy')).to.equal(before);
    expect(() => require('absent')).to.throw(/Cannot find module/);
  });
});

describe('a child', function () {
  this.timeout(120_000);
  let world: World;
  before(() => {
    world = makeWorld();
  });
  after(() => world.done());

  it('loads what turns functions into code only for a program that asks for it', async () => {
    const engine = world.engine({ parallel: 1 });
    const loaded = `Object.keys(require.cache).filter((path) => /typescript.lib|arborist.lib.index|execa.index|normalize-package-data.lib.normalize/.test(path)
      && Object.keys(require.cache[path].children).length + (require.cache[path].paths ?? []).length > 0).length`;
    const run = async (stack: string, body: string) =>
      valueIn(await engine.up(world.operation(stack, body), context())).outputs['answer'];
    expect(await run('plain', `this.answer = ${loaded};`)).to.equal(0);
    const code = await run(
      'asks',
      'const left = 40; this.answer = pulumi.runtime.serializeFunction(() => left + 2).then(({ text }) => text);',
    );
    expect(code)
      .to.match(/left \+ 2/)
      .and.match(/left: 40/);
  });
});
