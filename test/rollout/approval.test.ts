import { expect } from 'chai';
import { openRollout } from '../../src/rollout/request';
import { change } from './cloud';
import { scenario, type World } from './world';

const waves = [['canary'], ['eu-1', 'eu-2'], ['us-1']];

/** A world on v1 where this happens once the first wave of a promotion has soaked. */
async function meanwhile(happens: (world: World) => void): Promise<World> {
  const world = scenario({ waves });
  await world.baseline();
  world.onEntry = ({ event }) => {
    if (event.type !== 'wave-ended') return;
    world.onEntry = () => undefined;
    happens(world);
  };
  return world;
}

function movedByHand(world: World): void {
  world.cloud.stack('eu-1').contents['net'] = 'sha256:by-hand';
  world.cloud.stack('eu-1').version++;
}

const tag = (after: string, path = 'tags.At') => ({
  ...change('eu-1', 'web', 'update', 'aws:sns/topic:Topic', 'news'),
  properties: [{ path, before: '"then"', after }],
});

describe('what was reviewed', () => {
  it('is previewed again where the state moved, and goes on where the changes are the same', async () => {
    const world = await meanwhile(({ cloud }) => {
      cloud.stack('eu-1').version++;
    });
    expect(await world.promote('v2')).to.equal('converged');
    const previews = (await world.events()).filter(
      (event) => event.type === 'stack-previewed' && event.stack === 'eu-1',
    );
    expect(previews.at(-1)).to.deep.include({ stateVersion: '2', stack: 'eu-1' });
  });

  it('waits where the changes are other ones, names what moved, and goes on once somebody agrees', async () => {
    const world = await meanwhile(movedByHand);
    const waits =
      'eu-1 would not change as reviewed: state version and changes moved (update aws:ec2/securityGroup:SecurityGroup net-group)';
    expect(await world.promote('v2')).to.equal(`waiting: ${waits}`);
    expect(world.runs()).to.include({ canary: 'v2', 'eu-1': 'v1' });
    expect(await world.resume()).to.deep.include({ is: 'waiting', reason: waits, needs: 'approval' });
    expect(await world.accept('eu-2')).to.deep.equal([]);
    expect(await world.accept()).to.deep.equal(['eu-1']);
    expect(await world.resume()).to.include({ is: 'ended', outcome: 'converged' });
    const accepted = (await world.events()).find(({ type }) => type === 'previews-accepted');
    expect(accepted)
      .to.have.property('approval')
      .that.matches(/^[0-9a-f]{16}$/);
  });

  it('needs nobody any more where what moved has moved back', async () => {
    const world = await meanwhile(movedByHand);
    expect(await world.promote('v2')).to.match(/^waiting: eu-1/);
    delete world.cloud.stack('eu-1').contents['net'];
    world.cloud.stack('eu-1').contents['net'] = 'sha256:n1';
    expect(await world.accept()).to.deep.equal([]);
    expect(await world.resume()).to.include({ is: 'ended', outcome: 'converged' });
  });

  it('is no longer agreed to when it moves once more', async () => {
    const world = await meanwhile(movedByHand);
    await world.promote('v2');
    await world.accept();
    world.cloud.stack('eu-1').contents['more'] = 'sha256:by-hand';
    world.cloud.stack('eu-1').version++;
    expect(await world.resume()).to.deep.include({ is: 'waiting', needs: 'approval' });
  });

  for (const [field, moved] of [
    ['configuration', { configuration: 'other', versions: '7' }],
    ['versions', { configuration: 'conf', versions: '8' }],
  ] as const)
    it(`is previewed again where the ${field} moved, and says so where that changes it`, async () => {
      const world = await meanwhile((later) => {
        later.given = moved;
        later.cloud.besides = (stack) => (stack === 'eu-1' ? [tag('"now"')] : []);
      });
      expect(await world.promote('v2')).to.match(
        new RegExp(`eu-1 would not change as reviewed: ${field} and changes`),
      );
    });

  it('fits whatever becomes of a value that was unknown, now and when it is applied', async () => {
    const world = await meanwhile(({ cloud }) => {
      cloud.stack('eu-1').version++;
      cloud.besides = (stack, kind) => (stack === 'eu-1' ? [tag(kind === 'up' ? '"2"' : '"1"')] : []);
    });
    world.cloud.besides = (stack) => (stack === 'eu-1' ? [tag('[unknown]')] : []);
    expect(await world.promote('v2')).to.equal('converged');
  });

  it('halts the rollout where something else was applied, and says what', async () => {
    const world = scenario({ waves });
    await world.baseline();
    world.cloud.besides = (stack, kind) => (stack === 'eu-1' ? [tag(kind === 'up' ? '"2"' : '"1"')] : []);
    expect(await world.promote('v2')).to.equal('halted');
    expect(await world.story()).to.match(
      /halted: eu-1 did not change as reviewed: update aws:sns\/topic:Topic news$/,
    );
    expect(world.runs()).to.include({ 'eu-1': 'v2', 'us-1': 'v1' });
    const end = (await world.events()).findLast(({ type }) => type === 'rollout-ended');
    expect(end).to.deep.include({ reasons: { 'eu-1': 'not as reviewed: update aws:sns/topic:Topic news' } });
    expect(await openRollout(world.process(), 'beta')).to.equal(undefined);
  });
});
