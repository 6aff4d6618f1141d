import { expect } from 'chai';
import { BETA, type Estate, runningEstate, V1, V2 } from './estate';
import { must, type Ran, said } from './program';

const UNHEALTHY = "faults: [{ match: { stack: stage-b, image: 'shop:2.*' }, unhealthy: true }]";
const FAILING =
  "faults: [{ match: { stack: live-a, type: '*PodDisruptionBudget' }, fail: { call: create, message: quota exceeded } }]";

describe('a release that does not hold', function () {
  this.timeout(300_000);

  describe('unhealthy in wave 2', () => {
    let estate: Estate;
    let ran: Ran;
    let tracks: Readonly<Record<string, string>>;
    let calls: number;

    before(async () => {
      estate = await faulty(UNHEALTHY);
      tracks = estate.files('tracks');
      calls = estate.calls().length;
      ran = await estate.run('promote', '--track', 'beta');
    });

    it('is taken back from every touched stack, and ends with 12', () => {
      expect(ran.code, said(ran)).to.equal(12);
      expect(ran.stdout).to.contain('✖ beta.2 taken back: every touched stack runs again what it ran before');
      expect(ran.stdout).to.match(
        / {2}taken back: stage-a, stage-b\n {4}stage-b: unhealthy: .*\n {2}not started: live-a, live-b\n/,
      );
      expect(ran.stdout).not.to.contain('not healthy');
      expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V1])));
    });

    it('never reached the stacks of later waves', () => {
      expect(new Set(estate.calls(calls).map(({ stack }) => stack))).to.deep.equal(
        new Set(['stage-a', 'stage-b']),
      );
    });

    it('leaves the pins of the working tree as they were', () => {
      expect(estate.files('tracks')).to.deep.equal(tracks);
      expect(estate.git('status', '--porcelain', 'tracks')).to.equal('');
    });

    it('is told the same way by status and history', async () => {
      const status = must(await estate.run('status', '--track', 'beta', '--json')).result;
      const stacks = status['stacks'] as readonly { stack: string; releases: unknown; isCertain: boolean }[];
      expect(stacks.map(({ stack, releases, isCertain }) => ({ stack, releases, isCertain }))).to.deep.equal(
        BETA.map((stack) => ({ stack, releases: ['beta.1'], isCertain: true })),
      );
      const history = must(await estate.run('history', '--stack', 'stage-a'));
      const lines = history.stdout.trim().split('\n').slice(-3);
      expect(lines[0]).to.match(/ update +beta\.2 .*succeeded/);
      expect(lines[1]).to.match(/ take back +beta\.1 .*succeeded/);
      expect(lines[2]).to.equal('next: npm run status');
      const rollouts = must(await estate.run('history', '--track', 'beta')).stdout;
      expect(rollouts).to.match(/beta +promote +beta\.2 .*(rolled|taken) back/);
      expect(rollouts).to.contain('stage-b is unhealthy');
    });

    it('is refused when repeated, and rolled out with --again once its cause is gone', async () => {
      const repeated = await estate.run('promote', '--track', 'beta');
      expect(repeated.code).to.equal(2);
      expect(repeated.stderr).to.contain('beta.2 is vetoed: stage-b is unhealthy');
      expect(repeated.stderr).to.contain('repeat the command with --again');
      estate.edit('signalbox.yaml', UNHEALTHY, 'faults: []');
      const again = must(await estate.run('promote', '--track', 'beta', '--again', '--json'));
      expect(again.result).to.deep.include({ outcome: 'converged', release: 'beta.2' });
      expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V2])));
    });
  });

  it('fails to be created: says what failed where, and takes everything back', async () => {
    const estate = await faulty(FAILING);
    const ran = await estate.run('promote', '--track', 'beta', '--json');
    expect(ran.code, said(ran)).to.equal(12);
    expect(ran.result).to.deep.include({ outcome: 'rolled back', release: 'beta.2', exitCode: 12 });
    expect(ran.result['stacks']).to.deep.equal({
      'stage-a': 'taken back',
      'stage-b': 'taken back',
      'live-a': 'taken back',
      'live-b': 'not started',
    });
    expect(String(ran.result['reason'])).to.contain('live-a: update failed').and.contain('quota exceeded');
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V1])));
  });

  it('fails where the channel halts: ends with 4, touched stacks stay until a rollback brings them back', async () => {
    const estate = await faulty(FAILING);
    estate.edit(
      'signalbox.yaml',
      'production, waves: [1, 100%], soak: 30m',
      'production, waves: [1, 100%], soak: 30m, onFailure: halt',
    );
    const ran = await estate.run('promote', '--track', 'beta');
    expect(ran.code, said(ran)).to.equal(4);
    expect(ran.stdout).to.contain('✖ beta.2 halted: touched stacks stay as they are');
    expect(ran.stdout).to.match(
      / {2}updated: stage-a, stage-b\n {2}failed: live-a\n {4}live-a: update failed: .*quota exceeded\n {2}not started: live-b\n/,
    );
    expect(estate.images()).to.include({ 'stage-a': V2, 'stage-b': V2, 'live-b': V1 });
    expect(estate.read('tracks/beta/web/index.ts')).to.contain("'2.0.0'");

    const back = must(await estate.run('rollback', '--track', 'beta'));
    expect(back.stdout).to.contain('✔ beta.1 converged: every subscriber runs it');
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V1])));
    expect(estate.git('status', '--porcelain', 'tracks')).to.equal('');
  });

  it('says with which configuration a stack ran the release whose rollback today’s does not fit', async () => {
    const estate = await runningEstate();
    must(await estate.run('promote', '--track', 'beta'));
    const file = 'stacks/staging/stage-a.yaml';
    estate.write(file, `${estate.read(file)}components:\n  web:\n    inputs: { colour: red }\n`);
    const ran = await estate.run('rollback', '--track', 'beta');
    expect(ran.code, said(ran)).to.equal(4);
    const kept = /it ran beta\.1 with the configuration in (\S+)/.exec(ran.stdout)?.[1] ?? '';
    const { stack, components } = JSON.parse(estate.read(kept));
    expect(stack).to.equal('stage-a');
    expect(components.find(({ name }: { name: string }) => name === 'web').inputs).not.to.have.property(
      'colour',
    );
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((name) => [name, V2])));
  });

  it('halts with 11 where the way back would lose data, and names what', async () => {
    const estate = await faulty(UNHEALTHY);
    estate.write(
      'stacks/staging/stage-b.yaml',
      `${estate.read('stacks/staging/stage-b.yaml')}components:\n  web:\n    inputs: { archive: true }\n`,
    );
    const ran = await estate.run('promote', '--track', 'beta');
    expect(ran.code, said(ran)).to.equal(11);
    expect(ran.stdout).to.contain('1 stack cannot be taken back without losing data');
    expect(ran.stdout).to.match(
      /✖ beta\.2 halted.*the way back would lose data: stage-b \(aws:s3.*web-archive/,
    );
    expect(ran.stdout).to.match(
      / {2}updated: stage-a\n {2}updated, but unhealthy: stage-b\n {4}stage-b: unhealthy: .*\n {2}not started: live-a, live-b\n/,
    );
    expect(estate.images()).to.include({ 'stage-a': V2, 'stage-b': V2, 'live-a': V1 });
  });
});

async function faulty(faults: string): Promise<Estate> {
  const estate = await runningEstate();
  estate.edit('signalbox.yaml', 'faults: []', faults);
  return estate;
}
