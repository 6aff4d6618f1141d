import { expect } from 'chai';
import { BETA, type Estate, runningEstate, V1, V2 } from './estate';
import { must, said } from './program';

/** Long enough for another process to come in between; a type that no health check waits for. */
const SLOW = "faults: [{ match: { stack: stage-b, type: '*PodDisruptionBudget' }, latency: 4s }]";

describe('a rollout that is not alone', function () {
  this.timeout(300_000);

  it('names itself to a second one, is interrupted, and goes on to the same end', async () => {
    const estate = await slowEstate();
    const start = estate.calls().length;
    const first = estate.start(['promote', '--track', 'beta']);
    await first.said(/stage-b: update to beta\.2 started/);

    const second = await estate.run('promote', '--track', 'beta');
    expect(second.code, said(second)).to.equal(13);
    expect(second.stderr).to.match(
      new RegExp(`beta is being rolled out by ada on \\S+ \\(pid ${first.pid}\\)`),
    );

    first.signal('SIGINT');
    const interrupted = await first.ended;
    expect(interrupted.code, said(interrupted)).to.equal(8);
    expect(interrupted.stdout).to.contain('stopping: what is under way ends, nothing new starts');
    expect(interrupted.stdout).to.contain('next: npm run resume -- --track beta');
    expect(estate.images()).to.include({ 'live-a': V1, 'live-b': V1 });

    const status = must(await estate.run('status'));
    expect(status.stdout)
      .to.contain('promote of beta.2 has not ended: nobody drives it')
      .and.contain('npm run resume -- --track beta');
    const resumed = must(await estate.run('resume', '--json'));
    expect(resumed.result).to.deep.include({ command: 'resume', outcome: 'converged', release: 'beta.2' });
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V2])));
    const creates = estate
      .calls(start)
      .flatMap(({ call, stack, urn }) => (call === 'create' ? [`${stack} ${urn}`] : []));
    expect(creates)
      .to.have.members([...new Set(creates)])
      .and.to.have.length(4);
  });

  it('is stopped and taken back by an abort from another process', async () => {
    const estate = await slowEstate();
    const first = estate.start(['promote', '--track', 'beta']);
    await first.said(/stage-b: update to beta\.2 started/);
    const asked = must(
      await estate.run('abort', '--track', 'beta', '--take-back', '--reason', 'wrong image', '--json'),
    );
    expect(asked.result).to.deep.include({ command: 'abort', outcome: 'requested', release: 'beta.2' });
    const ended = await first.ended;
    expect(ended.code, said(ended)).to.equal(12);
    expect(ended.stdout).to.contain('aborted by ada: wrong image');
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V1])));
    expect(estate.git('status', '--porcelain', 'tracks')).to.equal('');
  });

  it('has nothing to resume or to abort when nothing is open', async () => {
    const estate = await runningEstate();
    const [resume, abort] = [await estate.run('resume'), await estate.run('abort', '--track', 'beta')];
    expect([resume.code, resume.stdout]).to.deep.equal([0, 'nothing to resume: no rollout is open\n']);
    expect([abort.code, abort.stdout]).to.deep.equal([0, 'nothing to abort: no rollout of beta is open\n']);
  });
});

async function slowEstate(): Promise<Estate> {
  const estate = await runningEstate();
  estate.edit('signalbox.yaml', 'faults: []', SLOW);
  return estate;
}
