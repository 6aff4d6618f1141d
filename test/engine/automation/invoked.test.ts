import { expect } from 'chai';
import { AWS, context, makeWorld, valueIn, type World } from './world';

const ASKING = `
    const aws = require('@pulumi/aws');
    this.answer = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
`;

const tagged = (tag: string): string => `
    const aws = require('@pulumi/aws');
    new aws.sfn.Activity('described by nobody', { name: 'a', tags: { tag: '${tag}' } }, { parent: this });
    new aws.sns.Topic('described', { name: 'a', tags: { tag: '${tag}' } }, { parent: this });
`;

describe('an operation on the sandbox tells what its program asked, and what nobody knows', () => {
  let world: World;
  before(() => {
    world = makeWorld();
  });
  after(() => world.done());

  it('names the functions it called, and none where there were none', async function () {
    this.timeout(120_000);
    const engine = world.engine({ parallel: 1 });
    const asking = valueIn(await engine.up(world.operation('asking', ASKING, { providers: AWS }), context()));
    expect(asking.invoked).to.deep.equal(['aws:index/getCallerIdentity:getCallerIdentity']);
    const silent = valueIn(await engine.up(world.operation('silent', 'this.answer = 1;'), context()));
    expect(silent.invoked).to.equal(undefined);
  });

  it('marks the updates of types that nobody described', async function () {
    this.timeout(120_000);
    const engine = world.engine({ parallel: 1 });
    const running = (tag: string) => world.operation('marked', tagged(tag), { providers: AWS });
    const made = valueIn(await engine.up(running('1'), context()));
    expect(made.changes.map(({ kind, inPlace }) => [kind, inPlace])).to.deep.include(['create', undefined]);
    const { changes } = valueIn(await engine.preview(running('2'), context()));
    expect(changes.map(({ kind, name, inPlace }) => [kind, name, inPlace])).to.have.deep.members([
      ['update', 'described by nobody', 'unverified'],
      ['update', 'described', undefined],
    ]);
  });
});
