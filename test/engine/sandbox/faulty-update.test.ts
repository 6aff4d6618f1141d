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
    let at = 0;
    const wall = () => {
      at += 50;
      return at;
    };
    const faults = [{ match: { type: 'aws:*' }, throttle: { perSecond: 10, burst: 1 } }];
    const many = () => Array.from({ length: 8 }, (_, index) => new Bucket(`b${index}`, {}));
    const told = await engine.up(many, { providers: sandboxHost(world.open({ faults, wall })) });
    expect([told.ok, told.counts]).to.deep.equal([true, { create: 9 }]);
    const calls = world.open().log();
    expect(calls.filter(({ call }) => call === 'create')).to.have.length(8);
    expect(calls.filter(({ call }) => call === 'throttled')).not.to.deep.equal([]);
  });
});
