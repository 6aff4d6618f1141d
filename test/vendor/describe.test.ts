import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe as describeComponent } from '../../src/vendor/describe';
import { component, filesOf, makeWorld, messages, must, type World } from './world';

describe('reading the schemas of a component', () => {
  let world: World;
  before(() => {
    world = makeWorld({ git: false });
  });
  after(() => world.done());

  const read = (text: string, timeout?: number) =>
    describeComponent(world.root, { files: filesOf({ 'index.ts': text }), label: 'components/web' }, timeout);

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

  it('lets it write nothing', async () => {
    const path = join(world.root, 'written');
    const said = await read(component(`require('node:fs').writeFileSync(${JSON.stringify(path)}, '');`));
    expect(said.ok).to.equal(false);
    expect(existsSync(path)).to.equal(false);
  });

  it('hands it no variable that could hold a credential', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'hunter2';
    try {
      const text = component("if (process.env['AWS_SECRET_ACCESS_KEY']) throw new Error('seen');");
      expect(messages(await read(text))).to.equal('no problem');
    } finally {
      delete process.env['AWS_SECRET_ACCESS_KEY'];
    }
  });

  it('does not wait for one that never ends', async () => {
    expect(messages(await read(component('for (;;);'), 1500))).to.include('was not imported within 1.5 s');
  });
});
