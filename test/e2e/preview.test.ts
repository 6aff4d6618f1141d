import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { BETA, type Estate, emptyEstate, runningEstate } from './estate';
import { must, said } from './program';

interface Previewed {
  readonly stack: string;
  readonly channel: string;
  readonly changes: Readonly<Record<string, number>>;
  readonly digest: string;
  readonly class: string;
}

describe('looking before anything is done', function () {
  this.timeout(300_000);
  let estate: Estate;

  before(async () => {
    estate = await runningEstate();
  });

  it('a dry run of a promotion shows all and changes nothing', async () => {
    const tree = repositoryOf(estate);
    const state = estate.files('.signalbox/state');
    const calls = estate.calls().length;
    const history = must(await estate.run('history', '--events')).stdout;
    const ran = must(await estate.run('promote', '--track', 'beta', '--dry-run'));
    expect(ran.stdout).to.contain('same 2 changes in 4 stacks: stage-a, stage-b, live-a, live-b');
    expect(ran.stdout).to.contain('"shop:1.0.0" → "shop:2.0.0"');
    expect(ran.stdout).to.contain('every stack can be taken back without losing data');
    expect(ran.stdout).to.contain('dry run: nothing was changed');
    expect(repositoryOf(estate)).to.deep.equal(tree);
    expect(estate.files('.signalbox/state')).to.deep.equal(state);
    expect(estate.calls()).to.have.length(calls);
    expect(must(await estate.run('history', '--events')).stdout).to.equal(history);
  });

  it('a dry run on an empty sandbox shows the baseline and what would then be pinned, and changes nothing', async () => {
    const empty = await emptyEstate();
    const tree = repositoryOf(empty);
    const ran = must(await empty.run('promote', '--track', 'beta', '--dry-run'));
    expect(ran.stdout).to.match(/alpha\.1 \(baseline\) {2}\d+ creates in 1 stack;/);
    expect(ran.stdout).to.match(/beta\.1 \(baseline\) {2}\d+ creates in 4 stacks;/);
    expect(ran.stdout).to.match(/then beta would pin what its upstream pins: web \w{8} → \w{8}\n/);
    expect(ran.stdout).to.contain(
      'next: npm run up -- --track alpha && npm run up -- --track beta && npm run up -- --track prod\n',
    );
    expect(repositoryOf(empty)).to.deep.equal(tree);
    expect(empty.calls()).to.deep.equal([]);
    expect(must(await empty.run('history')).stdout).to.equal(
      'nothing has happened yet\nnext: npm run status\n',
    );
  });

  it('a dry run of a rollback shows where it would go', async () => {
    const ran = await estate.run('rollback', '--track', 'beta', '--dry-run');
    expect(ran.code).to.equal(2);
    expect(ran.stderr).to.contain('beta has no proven release before beta.1');
  });

  it('all stacks follow their tracks: no change, and none is expected', async () => {
    const ran = must(await estate.run('preview', '--all', '--expect-no-changes', '--json'));
    const stacks = ran.result['stacks'] as readonly Previewed[];
    expect(stacks.map(({ stack }) => stack)).to.deep.equal(['play', ...BETA, 'gold'].sort(byChannel(stacks)));
    for (const { changes } of stacks)
      expect(changes).to.include({ create: 0, update: 0, replace: 0, delete: 0 });
  });

  it('a promotion previewed as JSON says the changes, digest and class of each stack', async () => {
    const ran = await estate.run('preview', '--track', 'beta', '--promote', '--expect-no-changes', '--json');
    expect(ran.code).to.equal(7);
    expect(ran.result).to.deep.include({ type: 'result', schemaVersion: 1, command: 'preview', exitCode: 7 });
    const stacks = ran.result['stacks'] as readonly Previewed[];
    expect(stacks.map(({ stack }) => stack)).to.have.members([...BETA]);
    for (const { changes, digest, class: name } of stacks) {
      expect(changes).to.include({ create: 1, update: 1, replace: 0, delete: 0 });
      expect(digest).to.match(/^[0-9a-f:sha]{16,}/);
      expect(name).to.match(/^[0-9a-f]{8}$/);
    }
    const classes = ran.result['classes'] as readonly { class: string; stacks: readonly string[] }[];
    expect(classes.map((one) => one.stacks.length)).to.deep.equal([4]);
  });

  it('the same as markdown fits a comment, and nothing in it is for a terminal', async () => {
    const ran = must(await estate.run('preview', '--track', 'beta', '--promote', '--format', 'markdown'));
    expect(ran.stdout.length).to.be.lessThan(65_536);
    expect(ran.stdout).to.match(/^### preview of beta with alpha\.1/);
    expect(ran.stdout).to.contain('| stage-a | staging | 0 | 0 | 1 | 1 | 5 |');
    expect(ran.stdout).to.contain('<details>').and.contain('shop:2.0.0');
    expect(ran.stdout).not.to.contain(String.fromCharCode(27)).and.not.to.contain('[preview]');
  });

  it('--format json is --json', async () => {
    const ran = must(await estate.run('preview', '--stack', 'gold', '--format', 'json'));
    expect(ran.lines).to.have.length(ran.stdout.trim().split('\n').length);
    expect((ran.result['stacks'] as readonly Previewed[]).map(({ stack }) => stack)).to.deep.equal(['gold']);
  });

  it('a channel is previewed by itself', async () => {
    const ran = must(await estate.run('preview', '--channel', 'staging'));
    expect(ran.stdout).to.contain('preview of channel staging').and.contain('2 stacks: 2 unchanged');
  });

  it('a stack that is new is previewed without a trace of it in the repository', async () => {
    estate.write('stacks/test/fresh.yaml', estate.read('stacks/test/play.yaml'));
    const before = repositoryOf(estate);
    const ran = must(await estate.run('preview', '--stack', 'fresh', '--json'));
    const [fresh] = ran.result['stacks'] as readonly Previewed[];
    expect(fresh?.changes).to.include({ update: 0, same: 0 });
    expect(repositoryOf(estate)).to.deep.equal(before);
    rmSync(join(estate.root, 'stacks/test/fresh.yaml'));
  });

  it('names channels and stacks there are where one is unknown', async () => {
    const [channel, stack] = [
      await estate.run('preview', '--channel', 'prodution'),
      await estate.run('preview', '--stack', 'live-z'),
    ];
    expect([channel.code, stack.code]).to.deep.equal([6, 6]);
    expect(said(channel))
      .to.contain('there is no channel "prodution"')
      .and.contain('test, staging, production');
    expect(said(stack)).to.contain('there is no stack "live-z"').and.contain('live-a');
  });
});

/** All a reader of the repository sees; what the machine keeps for itself lies in `.signalbox`. */
const repositoryOf = (estate: Estate): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(estate.files()).filter(([path]) => !path.startsWith('.signalbox/')));

function byChannel(stacks: readonly Previewed[]): (a: string, b: string) => number {
  const order = ['test', 'staging', 'production'];
  const rank = (name: string): number =>
    order.indexOf(stacks.find(({ stack }) => stack === name)?.channel ?? '');
  return (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1);
}
