import { expect } from 'chai';
import { scenario, type World } from './world';

const waves = [['canary'], ['eu-1', 'eu-2'], ['us-1']];

/** A world on v1 in which the files now say something else of these stacks. */
async function reconfigured(...stacks: readonly string[]): Promise<World> {
  const world = scenario({ waves });
  await world.baseline();
  for (const stack of stacks) world.configured.set(stack, 'edited');
  return world;
}

const updated = (world: World): string[] =>
  world.cloud.applied.slice(4).map((deployment) => deployment.split('.')[1] ?? '');

describe('a configuration that moved', () => {
  it('is rolled out to the stacks it is of, and to no other', async () => {
    const world = await reconfigured('eu-2', 'us-1');
    expect(await world.promote('v1', 'promote')).to.equal('converged');
    expect(updated(world)).to.deep.equal(['eu-2', 'us-1']);
    expect(await world.promote('v1', 'up')).to.equal('nothing');
  });

  it('goes along with a promotion, where that would not touch the stack', async () => {
    const world = await reconfigured('eu-1');
    world.configured.delete('eu-1');
    expect(await world.promote('v2')).to.equal('converged');
    world.configured.set('canary', 'edited');
    expect(await world.promote('v2', 'promote')).to.equal('converged');
    expect(updated(world)).to.deep.equal(['canary', 'eu-1', 'eu-2', 'us-1', 'canary']);
  });

  it('halts where it makes a stack unhealthy, since only the files can take it back', async () => {
    const world = await reconfigured('canary', 'us-1');
    world.verdictOf = (stack) => (stack === 'canary' ? 'unhealthy' : undefined);
    expect(await world.promote('v1', 'promote')).to.equal('halted');
    expect(updated(world)).to.deep.equal(['canary']);
    expect(await world.story()).to.match(
      /only the configuration of canary moved: take that back in the files/,
    );
  });
});
