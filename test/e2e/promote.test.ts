import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { BETA, type CloudCall, ENGINE_KIND, type Estate, emptyEstate, runningEstate, V1, V2 } from './estate';
import { type JsonLine, must, type Ran } from './program';

describe('promoting a track', function () {
  this.timeout(300_000);

  describe('on an empty sandbox, in a folder without git', () => {
    let estate: Estate;
    let promoted: Ran;
    let tracks: Readonly<Record<string, string>>;

    before(async () => {
      estate = await emptyEstate();
      rmSync(join(estate.root, '.git'), { recursive: true });
      tracks = estate.files('tracks');
      promoted = must(await estate.run('promote', '--track', 'beta', '--json'));
    });

    it('brings every track to its pins first, then every subscriber to the new release', () => {
      const rollouts = promoted.lines.flatMap((line) => eventOf(line, 'rollout-started'));
      expect(rollouts.map(({ kind, release }) => `${kind} ${release}`)).to.deep.equal([
        'baseline alpha.1',
        'baseline beta.1',
        'baseline prod.1',
        'promote beta.2',
      ]);
      expect(estate.images()).to.deep.equal({
        play: V2,
        'stage-a': V2,
        'stage-b': V2,
        'live-a': V2,
        'live-b': V2,
        gold: V1,
      });
    });

    it('touches nothing that does not follow the track', () => {
      const calls = estate.calls();
      const first = calls.find(({ call }) => call === 'update');
      expect(first?.stack).to.equal('stage-a');
      const promotion = calls.filter(({ seq }) => seq >= (first?.seq ?? 0));
      expect(new Set(promotion.map(({ stack }) => stack))).to.deep.equal(new Set(BETA));
      expect(created(calls)).to.have.members([...new Set(created(calls))]);
    });

    it('ends with a line that says the outcome, the release and what happened to each stack', () => {
      expect(promoted.result).to.deep.include({
        type: 'result',
        schemaVersion: 1,
        command: 'promote',
        outcome: 'converged',
        release: 'beta.2',
        stacks: Object.fromEntries(BETA.map((stack) => [stack, 'updated'])),
        engine: ENGINE_KIND,
        cloud: 'sandbox',
        exitCode: 0,
      });
    });

    it('has nothing to do when it is repeated', async () => {
      const calls = estate.calls().length;
      const again = must(await estate.run('promote', '--track', 'beta'));
      expect(again.stdout).to.contain('nothing to do: every subscriber runs beta.2 already');
      expect(estate.calls()).to.have.length(calls);
    });

    it('rolls back every subscriber, with the same waves, and puts the pins back', async () => {
      const back = must(await estate.run('rollback', '--track', 'beta', '--json'));
      expect(back.result).to.deep.include({ outcome: 'converged', release: 'beta.1', exitCode: 0 });
      expect(wavesOf(back)).to.deep.equal(wavesOf(promoted).slice(-4));
      expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V1])));
      expect(estate.files('tracks')).to.deep.equal(tracks);
    });
  });

  describe('in a repository', () => {
    it('commits the pins it moved; reverting that commit and `up` bring every subscriber back', async () => {
      const estate = await runningEstate();
      const start = estate.calls().length;
      const promoted = must(await estate.run('promote', '--track', 'beta', '--commit'));
      expect(promoted.stdout).to.match(/committed the pins of beta as [0-9a-f]{12}\n/);
      expect(estate.git('status', '--porcelain')).to.equal('');
      expect(estate.git('show', '--name-only', '--format=%s', 'HEAD').split('\n')).to.include.members([
        'tracks/beta/track.yaml',
        'tracks/beta/track.lock',
        'tracks/beta/web/index.ts',
      ]);

      estate.git('revert', '--no-edit', 'HEAD');
      const up = must(await estate.run('up', '--track', 'beta', '--json'));
      expect(up.result).to.deep.include({ outcome: 'converged', release: 'beta.1' });
      expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V1])));
      const touched = estate.calls(start).map(({ stack }) => stack);
      expect(new Set(touched)).to.deep.equal(new Set(BETA));
    });
  });
});

const eventOf = (line: JsonLine, type: string): readonly JsonLine[] => {
  const event = line['event'] as JsonLine | undefined;
  return event?.['type'] === type ? [event] : [];
};

const wavesOf = (ran: Ran): readonly unknown[] =>
  ran.lines.flatMap((line) => eventOf(line, 'wave-started')).map(({ stacks }) => stacks);

const created = (calls: readonly CloudCall[]): readonly string[] =>
  calls.filter(({ call }) => call === 'create').map(({ stack, urn }) => `${stack} ${urn}`);
