import { existsSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe as describeComponent, type Limits } from '../../src/vendor/describe';
import { component, filesOf, makeWorld, messages, must, type World } from './world';

describe('reading the schemas of a component', () => {
  let world: World;
  before(() => {
    world = makeWorld({ git: false });
  });
  after(() => world.done());

  const read = (text: string, limits?: Limits) =>
    describeComponent(world.root, { files: filesOf({ 'index.ts': text }), label: 'components/web' }, limits);

  it('writes inputs as they are written and outputs as they come out, and leaves nothing behind', async () => {
    const text = must(await read(component()));
    const schema = JSON.parse(text);
    expect(text.endsWith('}\n')).to.equal(true);
    expect(Object.keys(schema)).to.deep.equal(['inputs', 'outputs']);
    expect(schema.inputs.additionalProperties).to.equal(false);
    expect(schema.inputs.$schema).to.match(/draft-07/);
    expect(readdirSync(join(world.root, '.signalbox/describe'))).to.deep.equal([]);
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['throws', component("throw new Error('no luck\\nat all');"), 'fails when it is imported: no luck'],
    ['ends the process', component('process.exit(3);'), 'ended with code 3'],
    [
      'has no class',
      component().replace(/export default.*/, ''),
      'has no component class as its default export',
    ],
    [
      'has no inputs',
      component().replace('export const inputs', 'const inputs'),
      'exports no zod 4 schema named "inputs"',
    ],
    [
      'starts a process',
      component("require('node:child_process').execSync('true');"),
      'fails when it is imported',
    ],
    ['connects', component("require('node:net').connect(9);"), 'may not use the network'],
    ['listens', component("require('node:http').createServer().listen(0);"), 'may not use the network'],
    [
      'asks for a name',
      component("require('node:dns').resolve4('x.y', () => {});"),
      'may not use the network',
    ],
    [
      'sends a datagram',
      component("require('node:dgram').createSocket('udp4').send('x', 9);"),
      'may not use the network',
    ],
    [
      'imports the means to do so',
      component().replace(/^/, "import { lookup } from 'node:dns';\nlookup('x.y', () => {});\n"),
      'may not use the network',
    ],
    ['signals its parent', component('process.kill(process.ppid, 9);'), 'may not signal processes'],
    [
      'starts a thread',
      component("new (require('node:worker_threads').Worker)('/x.js');"),
      'Access to this API',
    ],
    ['reads a file', component("require('node:fs').readFileSync('/etc/passwd');"), 'Access to this API'],
    [
      'reads what its parent was given',
      component("require('node:fs').readFileSync('/proc/' + process.ppid + '/environ');"),
      'Access to this API',
    ],
    ['brings native code', component("process.dlopen({ exports: {} }, './x.node');"), 'native addon'],
    [
      'answers for itself',
      component("process.send(7); process.send({ inputs: 'x' });"),
      'answers for itself',
    ],
    [
      'draws on the terminal',
      component("throw new Error('\\u001b[2J');"),
      'fails when it is imported: \ufffd[2J',
    ],
    [
      'has a schema that JSON cannot say',
      component().replace('z.number()', 'z.bigint()'),
      'fails when it is imported',
    ],
  ];
  for (const [what, text, message] of refused)
    it(`is a problem where it ${what}`, async () => {
      expect(messages(await read(text)))
        .to.match(/^components\/web\/index\.ts /)
        .and.to.include(message);
    });

  for (const [how, written] of [
    ['file', (path: string) => `require('node:fs').writeFileSync(${path}, '')`],
    ['database', (path: string) => `new (require('node:sqlite').DatabaseSync)(${path})`],
  ] as const)
    it(`lets it write no ${how}`, async () => {
      const path = join(world.root, 'written');
      const said = await read(component(`${written(JSON.stringify(path))};`));
      expect(said.ok).to.equal(false);
      expect(existsSync(path)).to.equal(false);
    });

  it('finds packages behind a chain of links', async () => {
    const [link, elsewhere] = [join(world.root, 'node_modules'), join(world.root, 'elsewhere')];
    renameSync(link, elsewhere);
    symlinkSync('elsewhere', link);
    try {
      const text = component("require('@pulumi/pulumi');");
      expect(messages(await read(text))).to.equal('no problem');
    } finally {
      renameSync(elsewhere, link);
    }
  });

  it('hands it no variable that could hold a credential', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'hunter2';
    try {
      const seen = "Object.values(process.env).some((text) => text === 'hunter2')";
      const home = JSON.stringify(process.env['HOME']);
      const text = component(
        `if (${seen} || require('node:os').homedir() === ${home}) throw new Error('seen');`,
      );
      expect(messages(await read(text))).to.equal('no problem');
    } finally {
      delete process.env['AWS_SECRET_ACCESS_KEY'];
    }
  });

  it('lets it eat no memory, also where that is no heap', async function () {
    // Other systems do not say what a process takes.
    if (process.platform !== 'linux') this.skip();
    const eater = component('const eaten = []; for (;;) eaten.push(Buffer.alloc(2 ** 24, 1));');
    expect(messages(await read(eater, { memory: 300 }))).to.include('takes more than 300 MB of memory');
  });

  it('does not wait for one that never ends', async () => {
    expect(messages(await read(component('for (;;);'), { timeout: 1500 }))).to.include(
      'was not imported within 1.5 s',
    );
  });
});
