import { expect } from 'chai';
import type { Project } from '../../../src/core/project';
import { answeringByGoal } from '../../../src/engine/automation/by-goal';
import { goalSource } from '../../../src/engine/automation/goal';
import type { Engine } from '../../../src/engine/port';
import { AWS, context, GOOD, makeWorld, valueIn, type World } from './world';

const tagged = (value: string): string => `
    const aws = require('@pulumi/aws');
    const topic = new aws.sns.Topic(name, { name: pulumi.getStack(), tags: { At: ${value} } }, { parent: this });
    this.answer = topic.name;
`;

describe('a component that reads what nobody gave it', function () {
  this.timeout(120_000);
  let world: World;
  let plain: Engine;
  before(() => {
    world = makeWorld();
    plain = world.engine({ parallel: 1 });
  });
  after(() => world.done());

  function engine(sample: number): Engine {
    const project = {
      name: 'isolated',
      engine: { kind: 'embedded' },
      sandbox: { seed: 'isolated' },
    } as unknown as Project;
    const source = goalSource(world.root, project, plain.title);
    if (!source) throw new Error('a file backend has goals');
    return answeringByGoal(plain, { root: world.root, source, sample });
  }

  it('is called a bug where a sample finds it out, and believed where none is taken', async () => {
    world.write('weather.txt', 'fine');
    const read = `require('node:fs').readFileSync('${world.root}/weather.txt', 'utf8')`;
    const programs = [
      ['clock', tagged('String(Date.now())'), undefined],
      ['file', tagged(read), 'rain'],
    ] as const;
    for (const [stack, body, later] of programs) {
      const operation = world.operation(stack, body, { providers: AWS });
      valueIn(await engine(0).up(operation, context()));
      if (later !== undefined) world.write('weather.txt', later);
      expect(valueIn(await engine(0).preview(operation, context()))).to.deep.include({
        byGoal: 'answered',
        changes: [],
      });
      const found = valueIn(await engine(9).preview(operation, context()));
      expect(found.byGoal, stack).to.equal('missed');
      expect(found.counts.update).to.equal(1);
      expect(found.diagnostics.at(-1)?.message).to.contain(`a bug in a component of ${stack} (it)`);
    }
  });

  it('is not what an honest one is taken for', async () => {
    const operation = world.operation('honest', GOOD, { providers: AWS });
    valueIn(await engine(0).up(operation, context()));
    expect(valueIn(await engine(9).preview(operation, context())).byGoal).to.equal('checked');
  });
});
