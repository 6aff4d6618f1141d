import { expect } from 'chai';
import { AWS, context, makeWorld, valueIn, type World } from './world';

const ASKING = `
    const aws = require('@pulumi/aws');
    this.answer = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
`;

describe('an update tells what its program asked the cloud', () => {
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
});
