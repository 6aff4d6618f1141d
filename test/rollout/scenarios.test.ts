import { expect } from 'chai';
import { stories } from './stories';
import { scenario } from './world';

const waves = [['canary'], ['eu-1', 'eu-2'], ['us-1']];

describe('a rollout', () => {
  it('updates wave after wave, soaks each, and proves the release', async () => {
    const world = scenario({ waves });
    await world.baseline();
    expect(await world.promote('v2')).to.equal('converged');
    expect(await world.story()).to.equal(
      [
        'up beta.2',
        'wave 1 of all: canary',
        'canary forward',
        'wave 1 soaked',
        'wave 2 of all: eu-1 eu-2',
        'eu-1 forward',
        'eu-2 forward',
        'wave 2 soaked',
        'wave 3 of all: us-1',
        'us-1 forward',
        'wave 3 soaked',
        'beta.2 proven',
        'converged: all subscribers updated and soaked',
      ].join('\n'),
    );
    expect(world.runs()).to.deep.equal({ canary: 'v2', 'eu-1': 'v2', 'eu-2': 'v2', 'us-1': 'v2' });
  });

  it('says that there is nothing to do when it is run again', async () => {
    const world = scenario({ waves });
    await world.baseline();
    await world.promote('v2');
    expect(await world.promote('v2', 'promote')).to.equal('nothing');
  });

  it('takes every touched stack back when wave 2 is unhealthy, and wave 3 never starts', async () => {
    const world = scenario({ waves });
    await world.baseline();
    const before = world.pins;
    world.verdictOf = (stack, version) => (stack === 'eu-2' && version === 'v2' ? 'unhealthy' : undefined);
    expect(await world.promote('v2')).to.equal('rolled back');
    expect(await world.story()).to.equal(
      [
        'up beta.2',
        'wave 1 of all: canary',
        'canary forward',
        'wave 1 soaked',
        'wave 2 of all: eu-1 eu-2',
        'eu-1 forward',
        'eu-2 forward',
        'eu-2 unhealthy',
        'taking back eu-2 eu-1 canary',
        'eu-2 back',
        'eu-1 back',
        'canary back',
        'beta.2 vetoed',
        'rolled back: eu-2 is unhealthy: answers: 503',
      ].join('\n'),
    );
    expect(world.runs()).to.deep.equal({ canary: 'v1', 'eu-1': 'v1', 'eu-2': 'v1', 'us-1': 'v1' });
    expect(world.pins).to.deep.equal(before);
  });
});

describe('the way back', () => {
  it('goes from dependents to what they depend on', async () => {
    const world = scenario({
      channels: [{ name: 'all', stacks: ['a', 'b', 'c'] }],
      stacks: { a: { dependsOn: ['b'] }, b: { dependsOn: ['c'] } },
    });
    await world.baseline();
    world.verdictOf = (stack, version) => (stack === 'b' && version === 'v2' ? 'unhealthy' : undefined);
    expect(await world.promote('v2')).to.equal('rolled back');
    expect((await world.story()).split('\n').filter((line) => / (forward|back)$/.test(line))).to.deep.equal([
      'c forward',
      'b forward',
      'a forward',
      'a back',
      'b back',
      'c back',
    ]);
  });

  it('is not taken when it is a rollback that failed: a person decides', async () => {
    const world = scenario({ waves });
    await world.baseline();
    await world.promote('v2');
    world.cloud.failing.set('eu-1 sha256:v1', 'failed');
    expect(await world.promote('v1', 'rollback')).to.equal('halted');
    expect(world.runs()).to.deep.equal({ canary: 'v1', 'eu-1': 'v2', 'eu-2': 'v1', 'us-1': 'v2' });
  });
});

describe('a track that nobody follows', () => {
  it('converges at once, with weak evidence', async () => {
    const world = scenario({ channels: [{ name: 'all', stacks: [] }] });
    await world.baseline();
    expect((await world.events()).find(({ type }) => type === 'release-proven')).to.include({
      evidence: 'weak',
    });
  });
});

describe('every story', () => {
  for (const story of stories) {
    it(`ends as told: ${story.title} ends ${story.outcome}`, async () => {
      const world = story.world();
      await world.baseline();
      await story.prepare?.(world);
      expect(await story.act(world)).to.equal(story.outcome);
      expect(world.runs()).to.deep.equal(story.runs);
    });
  }
});
