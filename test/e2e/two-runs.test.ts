import { expect } from 'chai';
import { BETA, type Estate, runningEstate, V1, V2 } from './estate';
import { web } from './files';
import { must, type Ran, said } from './program';

describe('a rollout that is not alone', function () {
  this.timeout(300_000);

  it('names itself to a second one, is interrupted, and goes on to the same end', async () => {
    const estate = await slowEstate();
    const start = estate.calls().length;
    const first = estate.startJob('promote', '--track', 'beta');
    await first.said(/stage-b: update to beta\.2 started/);
    const goOn = first.hold();

    const second = await estate.run('promote', '--track', 'beta');
    expect(second.code, said(second)).to.equal(13);
    expect(second.stderr).to.match(
      new RegExp(`beta is being rolled out by ada on \\S+ \\(pid ${first.pid}\\)`),
    );

    // A terminal's Ctrl-C reaches all of them; a driver that is interrupted alone does the same, but for its children.
    first.signalGroup('SIGINT');
    await first.said(/stopping: what is under way ends, nothing new starts/);
    goOn();
    const interrupted = await first.ended;
    expect(interrupted.code, said(interrupted)).to.equal(8);
    expect(interrupted.stdout).to.contain('stage-b: update cut short');
    expect(interrupted.stdout).to.contain('cut short, repeated on resume where it did not end: stage-b\n');
    expect(interrupted.stdout).to.contain('next: npm run resume -- --track beta');
    expect(estate.images()).to.include({ 'live-a': V1, 'live-b': V1 });

    const status = must(await estate.run('status'));
    expect(status.stdout)
      .to.contain('promote of beta.2 has not ended: nobody drives it')
      .and.contain('npm run resume -- --track beta');
    const other = await anotherRelease(estate);
    expect(other.code, said(other)).to.equal(2);
    expect(other.stderr)
      .to.contain('promote of beta.2 is still open')
      .and.contain('npm run resume -- --track beta')
      .and.contain('npm run abort -- --track beta');
    const resumed = must(await estate.run('resume', '--json'));
    expect(resumed.result).to.deep.include({ command: 'resume', outcome: 'converged', release: 'beta.2' });
    const [where, ...news] = resumed.lines.filter(({ type }) => type !== 'progress');
    expect(where?.['message']).to.match(
      /^promote of beta\.2 stands at wave \d of 4; updated: stage-a.*; not started: live-a, live-b$/,
    );
    expect(JSON.stringify(news)).not.to.contain('rollout-started').and.not.to.contain('beta.1 is proven');
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V2])));
    const creates = estate
      .calls(start)
      .flatMap(({ call, stack, urn }) => (call === 'create' ? [`${stack} ${urn}`] : []));
    expect(creates)
      .to.have.members([...new Set(creates)])
      .and.to.have.length(4);
  });

  it('is refused to be taken back where it is a rollback, before anything is recorded', async () => {
    const estate = await runningEstate();
    must(await estate.run('promote', '--track', 'beta'));
    estate.slow('stage-a');
    const back = estate.start(['rollback', '--track', 'beta']);
    await back.said(/stage-a: update to beta\.1 started/);
    back.signal('SIGINT');
    expect((await back.ended).code).to.equal(8);
    const refused = await estate.run('abort', '--track', 'beta', '--take-back');
    expect(refused.code, said(refused)).to.equal(2);
    expect(refused.stderr)
      .to.contain('is a rollback, which is never taken back')
      .and.contain('npm run rollback -- --track beta --to beta.2');
    const aborted = await estate.run('abort', '--track', 'beta', '--reason', 'wrong button');
    expect(aborted.code, said(aborted)).to.equal(8);
    expect(aborted.stdout).to.match(/^rollback of beta\.1 stands at wave 1 of 4; /);
    expect(aborted.stdout).to.contain('abort requested (touched stacks stay): wrong button');
    expect(aborted.stdout).not.to.contain('abort requested (touched stacks go back)');
    expect(aborted.stdout).not.to.contain('baseline');
  });

  it('is stopped and taken back by an abort from another process', async () => {
    const estate = await slowEstate();
    const first = estate.start(['promote', '--track', 'beta']);
    await first.said(/stage-b: update to beta\.2 started/);
    const goOn = first.hold();
    const asked = must(
      await estate.run('abort', '--track', 'beta', '--take-back', '--reason', 'wrong image', '--json'),
    );
    expect(asked.result).to.deep.include({ command: 'abort', outcome: 'requested', release: 'beta.2' });
    goOn();
    const ended = await first.ended;
    expect(ended.code, said(ended)).to.equal(12);
    expect(ended.stdout).to.contain('aborted by ada: wrong image');
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V1])));
    expect(estate.git('status', '--porcelain', 'tracks')).to.equal('');
  });

  it('has nothing to resume or to abort when nothing is open', async () => {
    const estate = await runningEstate();
    const [resume, abort] = [await estate.run('resume'), await estate.run('abort', '--track', 'beta')];
    expect([resume.code, resume.stdout]).to.deep.equal([
      0,
      'nothing to resume: no rollout is open\nnext: npm run status\n',
    ]);
    expect([abort.code, abort.stdout]).to.deep.equal([
      0,
      'nothing to abort: no rollout of beta is open\nnext: npm run status\n',
    ]);
  });
});

/** While one rollout of beta is open, its upstream comes by a newer release, which is asked for by name. */
async function anotherRelease(estate: Estate): Promise<Ran> {
  estate.write('components/web/index.ts', web('3.0.0'));
  estate.git('commit', '--quiet', '-am', 'web 3.0.0');
  must(await estate.run('promote', '--track', 'alpha'));
  return estate.run('promote', '--track', 'beta', '--to', 'alpha.2');
}

async function slowEstate(): Promise<Estate> {
  const estate = await runningEstate();
  estate.slow('stage-b');
  return estate;
}
