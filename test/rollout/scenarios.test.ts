import { expect } from 'chai';
import { requestAbort } from '../../src/rollout/request';
import { seconds } from './estate';
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

describe('a slow machine', () => {
  it('soaks all the same where a check takes longer to answer than it may be old', async () => {
    const world = scenario({ waves });
    await world.baseline();
    world.sampleTakes = seconds(50);
    expect(await world.promote('v2')).to.equal('converged');
  });

  it('waits for a person where checks answer too seldom to prove anything', async () => {
    const world = scenario({ waves });
    await world.baseline();
    world.late = seconds(60);
    expect(await world.promote('v2')).to.equal(
      'waiting: canary is soaking, for too long: its checks answer too seldom',
    );
    world.late = seconds(0);
    expect(await world.resume()).to.include({ is: 'ended', outcome: 'converged' });
  });
});

describe('the end of a rollout', () => {
  it('is the last that is recorded: a sample that comes after it is nobody’s evidence', async () => {
    const world = scenario({ waves });
    await world.baseline();
    // There is always a sample on its way, and it is there before the end of the rollout is recorded.
    world.sampleTakes = seconds(50);
    world.appendTakes = 6;
    world.onEntry = ({ event }) => {
      if (event.type === 'wave-ended')
        void requestAbort(world.process('bob'), 'beta', { mode: 'stop', reason: 'wrong day' });
    };
    expect(await world.promote('v2')).to.equal('aborted');
    expect((await world.events()).at(-1)?.type).to.equal('rollout-ended');
  });
});

describe('the way back', () => {
  it('ends with what the checks say of a stack once it is back', async () => {
    const world = scenario({ waves });
    await world.baseline();
    world.verdictOf = (stack, version) =>
      stack === 'eu-2' ? 'unhealthy' : stack === 'canary' && version === 'v1' ? 'unknown' : undefined;
    expect(await world.promote('v2')).to.equal('rolled back');
    expect(await world.story()).to.match(
      /rolled back: eu-2 is unhealthy: answers: 503; taken back, but not healthy: eu-2 \(answers: 503\), canary \(answers: 503\)$/,
    );
    const end = (await world.events()).findLast(({ type }) => type === 'rollout-ended');
    expect(end).to.deep.include({
      stacks: { canary: 'taken back', 'eu-1': 'taken back', 'eu-2': 'taken back', 'us-1': 'not started' },
      reasons: {
        canary: 'not healthy after it was taken back: answers: 503',
        'eu-2': 'unhealthy: answers: 503; not healthy after it was taken back: answers: 503',
      },
    });
  });

  it('waits for a stack to come round for no longer than its check allows', async () => {
    const world = scenario({ waves });
    await world.baseline();
    let looks = 0;
    world.verdictOf = (stack, version) => {
      if (stack !== 'canary' || version !== 'v1') return stack === 'eu-2' ? 'unhealthy' : undefined;
      looks += 1;
      return looks < 5 ? 'unhealthy' : undefined;
    };
    expect(await world.promote('v2')).to.equal('rolled back');
    expect(await world.story()).not.to.contain('canary (');
    expect(looks).to.equal(5);
  });

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
