import { expect } from 'chai';
import type { Note } from '../../src/rollout/ports';
import { scenario, type World } from './world';

const waves = [['canary'], ['eu-1', 'eu-2'], ['us-1']];

async function settled(): Promise<World> {
  const world = scenario({ waves });
  await world.baseline();
  return world;
}

describe('a driver that is told to stop', () => {
  it('looks no more into an update that had to be killed, and says what it left; the next one does', async () => {
    const world = await settled();
    const user = new AbortController();
    const notes: Note[] = [];
    const { process: open } = world;
    world.process = (actor) => ({
      ...open.call(world, actor),
      observer: { note: (note) => notes.push(note) },
    });
    world.cloud.failing.set('canary sha256:v2', 'lost');
    world.cloud.onUpdate = () => user.abort();
    expect(await world.promote('v2', 'up', world.pinsOf('v2'), user.signal)).to.equal('cancelled');
    expect(notes.filter(({ kind }) => kind === 'cut short')).to.deep.equal([
      { kind: 'cut short', stack: 'canary', text: 'canary: update cut short: the answer was lost' },
    ]);
    expect((await world.events()).at(-1)).to.include({ type: 'apply-started', stack: 'canary' });
    expect(await world.resume()).to.include({ is: 'ended', outcome: 'converged' });
    expect(world.cloud.applied.filter((deployment) => deployment.includes('.canary.'))).to.have.length(2);
  });

  it('while it looks what a kill left open, comes to no verdict', async () => {
    const world = await settled();
    const user = new AbortController();
    world.onPoint = (point, number) => {
      if (/^in the middle of .*canary/.test(point)) world.killAt = number;
    };
    world.cloud.onRefresh = () => {
      user.abort();
      world.cloud.lostRefreshes = 1;
    };
    expect(await world.promote('v2', 'up', world.pinsOf('v2'), user.signal)).to.equal('cancelled');
    expect(world.crashes).to.equal(1);
    expect((await world.events()).at(-1)).to.include({ type: 'apply-started', stack: 'canary' });
    world.cloud.onRefresh = undefined;
    world.onPoint = () => undefined;
    expect(await world.resume()).to.include({ is: 'ended', outcome: 'converged' });
  });
});
