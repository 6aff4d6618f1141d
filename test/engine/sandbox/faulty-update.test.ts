import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import type { Fault } from '../../../src/core/project';
import { sandboxHost } from '../../../src/engine/sandbox/host';
import { type World as EngineWorld, world as engineWorld } from '../embedded/world';
import { World } from './world';

class Bucket extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs) {
    super('aws:s3/bucket:Bucket', name, inputs);
  }
}

const program = () => new Bucket('assets', { tags: { Owner: 'team' } });

describe('an engine on a sandbox with faults', () => {
  let world: World;
  let engine: EngineWorld;
  beforeEach(() => {
    world = new World();
    engine = engineWorld();
  });
  afterEach(() => world.remove());

  const on = (faults: readonly Fault[]) => ({ providers: sandboxHost(world.open({ faults })) });

  it('finds drift in a refresh, plans to put it right, and does', async () => {
    const drifting = on([{ match: { name: 'assets' }, drift: { property: 'tags.Owner', value: 'me' } }]);
    await engine.up(program, drifting);
    expect((await engine.preview(program, drifting)).story, 'nobody has looked').to.deep.equal([]);
    expect((await engine.refresh(drifting)).counts).to.include({ update: 1 });
    expect((await engine.preview(program, drifting)).story).to.deep.equal(['update assets']);
    await engine.up(program, drifting);
    expect((await engine.refresh(drifting)).counts).to.not.have.property('update');
    expect((await engine.preview(program, drifting)).story).to.deep.equal([]);
  });

  it('gets through a cloud that throttles', async () => {
    const told = await engine.up(program, on([{ match: { type: 'aws:*' }, throttle: { attempts: 3 } }]));
    expect([told.ok, told.story]).to.deep.equal([true, ['create assets']]);
    const calls = world.open().log();
    expect(calls.map(({ call }) => call)).to.deep.equal(['throttled', 'throttled', 'throttled', 'create']);
  });
});
