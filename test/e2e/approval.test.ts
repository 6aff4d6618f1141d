import { expect } from 'chai';
import { BETA, type Estate, runningEstate, V1, V2 } from './estate';
import { updateOutside } from './outside';
import { must, type Ran, said } from './program';

describe('what moves after it was reviewed', function () {
  this.timeout(300_000);
  let estate: Estate;
  let waiting: Ran;

  before(async () => {
    estate = await runningEstate();
    estate.slow('stage-a');
    const first = estate.start(['promote', '--track', 'beta']);
    await first.said(/stage-a: update to beta\.2 started/);
    first.signal('SIGINT');
    expect((await first.ended).code).to.equal(8);
    // live-a only gets another state, live-b really something else, and a second file.
    await updateOutside(estate, { 'stage-b': {}, 'live-a': { replicas: 7 } });
    estate.edit('stacks/production/live-b.yaml', 'replicas: 3', 'replicas: 4');
    waiting = await estate.run('resume', '--track', 'beta');
  });

  it('goes on where only the state moved, and waits where other changes would come of it', () => {
    expect(waiting.code, said(waiting)).to.equal(10);
    expect(waiting.stdout).to.contain(
      'beta.2 waits: live-a would not change as reviewed: state version and changes moved (update kubernetes:apps/v1:Deployment web)',
    );
    expect(waiting.stdout).to.contain('next: npm run accept -- --track beta\n');
    expect(estate.images()).to.include({ 'stage-a': V2, 'stage-b': V2, 'live-a': V1, 'live-b': V1 });
  });

  it('is told by status, with the command that is needed', async () => {
    const status = must(await estate.run('status'));
    expect(status.stdout)
      .to.contain('live-a would not change as reviewed: state version and changes moved')
      .and.contain('next: npm run accept -- --track beta');
  });

  it('is shown, agreed to by its digest, and rolled out', async () => {
    const wrong = await estate.run('accept', '--track', 'beta', '--digest', '0123456789abcdef');
    expect(wrong.code, said(wrong)).to.equal(7);
    const shown = must(await estate.run('accept', '--track', 'beta', '--dry-run'));
    expect(shown.stdout).to.contain('spec.replicas: 7 → 2');
    const digest = /approval digest: (\w+)/.exec(shown.stdout)?.[1] ?? '';
    expect(shown.stdout).to.contain(`next: npm run accept -- --track beta --digest ${digest}`);
    const agreed = must(await estate.run('accept', '--track', 'beta', '--digest', digest, '--json')).result;
    expect(agreed).to.deep.include({
      command: 'accept',
      outcome: 'accepted',
      approval: digest,
      next: 'npm run resume -- --track beta',
    });
    expect(agreed['moved'])
      .to.have.property('live-a')
      .that.deep.includes({ moved: ['state version', 'changes'] });

    const second = await estate.run('resume', '--track', 'beta', '--json');
    expect(second.code, said(second)).to.equal(10);
    expect(second.result).to.deep.include({ next: 'npm run accept -- --track beta' });
    expect(String(second.result['reason'])).to.contain(
      'live-b would not change as reviewed: configuration and changes',
    );
    must(await estate.run('accept', '--track', 'beta', '--stack', 'live-b'));
    const end = must(await estate.run('resume', '--track', 'beta', '--json'));
    expect(end.result).to.deep.include({ outcome: 'converged', release: 'beta.2' });
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V2])));
    const none = must(await estate.run('accept', '--track', 'beta'));
    expect(none.stdout).to.equal(
      'nothing to accept: no stack of beta waits for an approval\nnext: npm run status\n',
    );
  });

  it('is held back by a veto until that is lifted', async () => {
    const unnamed = await estate.run('veto', '--track', 'beta', '--release', 'beta.2');
    expect([unnamed.code, unnamed.stderr]).to.deep.equal([
      2,
      '✖ --reason is missing: the ledger keeps who vetoed what, and why\n',
    ]);
    expect(
      (await estate.run('veto', '--track', 'beta', '--release', 'beta.9', '--reason', 'x')).code,
    ).to.equal(6);
    const vetoed = must(
      await estate.run('veto', '--track', 'beta', '--release', 'beta.2', '--reason', 'it leaks'),
    );
    expect(vetoed.stdout).to.contain(
      'beta.2 is vetoed: it stays where it is and enters no further stack of beta',
    );
    expect(must(await estate.run('status')).stdout).to.contain('vetoed beta.2: it leaks');
    const lift = ['veto', '--track', 'beta', '--release', 'beta.2', '--lift', '--reason', 'mended'];
    expect(must(await estate.run(...lift)).stdout).to.equal(
      'the veto of beta.2 is lifted; it was: it leaks\nnext: npm run status\n',
    );
    expect(must(await estate.run(...lift)).stdout).to.equal(
      'nothing to lift: beta.2 is not vetoed\nnext: npm run status\n',
    );
    expect(must(await estate.run('history', '--events')).stdout).to.contain('veto of beta.2 cleared: mended');
  });
});
