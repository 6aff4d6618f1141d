import { expect } from 'chai';
import { holdTrack } from '../../src/rollout/lease';
import { openRollout, recordVeto } from '../../src/rollout/request';
import { proposeRollout } from '../../src/rollout/start';
import { pin, seconds } from './estate';
import { scenario, type World } from './world';

const waves = [['canary'], ['eu-1', 'eu-2'], ['us-1']];

/** A world that has converged on v1. */
async function settled(shape: Parameters<typeof scenario>[0] = { waves }): Promise<World> {
  const world = scenario(shape);
  await world.baseline();
  return world;
}

describe('what stands in the way', () => {
  it('tells the second of two runs who holds the track', async () => {
    const world = await settled();
    const held = await holdTrack(world.process('bob'), 'beta');
    expect(await world.promote('v2')).to.equal('held by bob on here (pid 2)');
    if (!('heldBy' in held)) await held.release();
    expect(await world.promote('v2')).to.equal('converged');
  });

  it('waits for a stack that somebody else is updating, and then says who', async () => {
    const world = await settled();
    await world.ledger().acquire('stack:eu-1', { actor: 'bob', host: 'there', pid: 99 }, seconds(60));
    expect(await world.promote('v2')).to.equal('blocked');
    expect(world.runs()['canary']).to.equal('v2');
    expect(world.runs()['us-1']).to.equal('v1');
  });

  it('never removes a lock of somebody else', async () => {
    const world = await settled();
    world.cloud.stack('eu-1').lock = { owner: 'bob', own: false };
    expect(await world.promote('v2')).to.equal('blocked');
    expect(world.cloud.stack('eu-1').lock).to.deep.equal({ owner: 'bob', own: false });
    delete world.cloud.stack('eu-1').lock;
    expect((await world.resume()).is).to.equal('ended');
    expect(world.runs()['us-1']).to.equal('v2');
  });

  it('refuses a release that was taken back, until it is asked for again', async () => {
    const world = await settled();
    world.verdictOf = (_, version) => (version === 'v2' ? 'unhealthy' : undefined);
    expect(await world.promote('v2')).to.equal('rolled back');
    const wish = { track: 'beta', kind: 'promote', components: world.pinsOf('v2'), sdk: 'sdk' } as const;
    const signal = new AbortController().signal;
    const refused = await proposeRollout(world.process(), wish, signal);
    expect(refused.is === 'refused' && refused.reason).to.match(/^beta\.2 is vetoed/);
    const again = await proposeRollout(world.process(), { ...wish, isAgain: true }, signal);
    expect(again.is === 'ready' && [again.release.id, again.isNewRelease]).to.deep.equal(['beta.2', false]);
  });

  it('starts nothing more once somebody vetoes the release', async () => {
    const world = await settled();
    world.onEntry = ({ event }) => {
      if (event.type !== 'wave-ended') return;
      world.onEntry = () => undefined;
      void recordVeto(world.process('bob'), { track: 'beta', release: 'beta.2', reason: 'leaks' });
    };
    expect(await world.promote('v2')).to.equal('halted');
    expect(world.runs()['us-1']).to.equal('v1');
  });

  it('refuses a second rollout while one is open', async () => {
    const world = await settled();
    world.cloud.stack('eu-1').lock = { owner: 'bob', own: false };
    await world.promote('v2');
    const wish = { track: 'beta', kind: 'up', components: world.pinsOf('v3'), sdk: 'sdk' } as const;
    const refused = await proposeRollout(world.process(), wish, new AbortController().signal);
    expect(refused.is === 'refused' && refused.reason).to.match(/^beta\.2 is still being rolled out/);
  });

  it('rolls back only to a release that was proven', async () => {
    const world = await settled();
    expect(await world.promote('v9', 'rollback')).to.match(/^refused: beta\.2 was never proven/);
  });

  it('waits for a person where health stays unknown, and goes on when it is known', async () => {
    const world = await settled();
    world.verdictOf = (stack, version) => (stack === 'eu-1' && version === 'v2' ? 'unknown' : undefined);
    expect(await world.promote('v2')).to.equal('waiting: the health of eu-1 is unknown: 503');
    world.verdictOf = () => undefined;
    expect(await world.resume()).to.include({ is: 'ended', outcome: 'converged' });
  });

  it('stops before a stack whose other component would change, and goes on once that is brought up', async () => {
    const components = {
      web: { component: 'web', track: 'beta', inputs: {} },
      data: { component: 'data', track: 'prod', inputs: {} },
    };
    const world = await settled({ waves, stacks: { 'eu-1': { components } } });
    world.cloud.stack('eu-1').contents['data'] = 'sha256:by-hand';
    expect(await world.promote('v2')).to.match(
      /^waiting: eu-1: data would change too, though it follows prod/,
    );
    expect(world.runs()).to.deep.equal({ canary: 'v2', 'eu-1': 'v1', 'eu-2': 'v1', 'us-1': 'v1' });
    world.cloud.stack('eu-1').contents['data'] = pin('d1').digest;
    expect(await world.resume()).to.include({ is: 'waiting', needs: 'approval' });
    expect(await world.accept()).to.deep.equal(['eu-1']);
    expect(await world.resume()).to.include({ is: 'ended', outcome: 'converged' });
  });

  it('ends stuck, naming the suspects, where a real cloud was cut off in the middle', async () => {
    const world = await settled();
    world.cloud.isReal = true;
    const points = await pointsOf(world, /^in the middle of .*eu-1/);
    world.killAt = points;
    expect(await world.promote('v2')).to.equal('stuck');
    expect(await world.story()).to.match(
      /stuck: eu-1: nobody can know whether creating urn of eu-1 happened$/,
    );
    expect(await openRollout(world.process(), 'beta')).to.equal(undefined);
  });

  it('looks again where the look itself was lost, and only then gives up', async () => {
    for (const [lost, outcome] of [
      [2, 'converged'],
      // Three for each of the two that were under way.
      [6, 'stuck'],
    ] as const) {
      const world = await settled();
      world.killAt = await pointsOf(world, /^in the middle of .*eu-1/);
      world.cloud.lostRefreshes = lost;
      expect(await world.promote('v2'), `${lost} lost`).to.equal(outcome);
    }
  });

  it('keeps within the number of updates at once', async () => {
    const stacks = ['a', 'b', 'c', 'd', 'e'];
    const world = await settled({ channels: [{ name: 'all', stacks }], parallel: 2 });
    expect(await world.promote('v2')).to.equal('converged');
    expect(world.cloud.mostAtOnce).to.equal(2);
  });

  it('writes nothing more once its lease is lost to another driver', async () => {
    const world = await settled();
    world.onEntry = ({ event }) => {
      if (event.type !== 'wave-ended') return;
      world.onEntry = () => undefined;
      const lease = world.content.leases.get('track:beta');
      if (lease) world.content.leases.set('track:beta', { ...lease, token: lease.token + 1 });
    };
    expect(await world.promote('v2')).to.equal('lease-lost');
    expect((await world.events()).at(-1)).to.include({ type: 'wave-ended', wave: 0 });
    expect(world.runs()['eu-1']).to.equal('v1');
  });

  it('stops when the user cancels, and the same rollout goes on later', async () => {
    const world = await settled();
    const user = new AbortController();
    world.onEntry = ({ event }) => {
      if (event.type === 'wave-ended') user.abort();
    };
    expect(await world.promote('v2', 'up', world.pinsOf('v2'), user.signal)).to.equal('cancelled');
    expect(world.runs()).to.include({ canary: 'v2', 'us-1': 'v1' });
    world.onEntry = () => undefined;
    expect(await world.resume()).to.include({ is: 'ended', outcome: 'converged' });
  });

  it('leaves an update open when it is cancelled, so that the next run finds out what became of it', async () => {
    const world = await settled();
    world.cloud.failing.set('canary sha256:v2', 'cancelled');
    expect(await world.promote('v2')).to.equal('cancelled');
    world.cloud.failing.clear();
    expect(await world.resume()).to.include({ is: 'ended', outcome: 'converged' });
    const adopted = (await world.events()).find((event) => event.type === 'apply-ended' && event.isAdopted);
    expect(adopted).to.include({ stack: 'canary', result: 'succeeded' });
  });
});

/** The number of the first mortal point of this name, found by a run in a world alike. */
async function pointsOf(world: World, name: RegExp): Promise<number> {
  const twin = await settled();
  twin.points = 0;
  twin.onPoint = (point, number) => {
    if (name.test(point)) twin.found ??= number;
  };
  await twin.promote('v2');
  world.points = 0;
  return twin.found ?? 0;
}
