import { expect } from 'chai';
import { emptyEstate } from './estate';
import { said } from './program';

describe('sandbox serve', function () {
  this.timeout(120_000);

  it('says the variable that plain pulumi needs, in words and in a file, and serves until it is told to stop', async () => {
    const estate = await emptyEstate();
    const running = estate.start(['sandbox', 'serve', '--port-file', `${estate.root}/ports.env`]);
    await running.said(/serving the sandbox/);
    const line = estate.read('ports.env');
    expect(line).to.match(/^PULUMI_DEBUG_PROVIDERS=aws:\d+,kubernetes:\d+\n$/);
    running.signal('SIGTERM');
    const ended = await running.ended;
    expect([ended.code, ended.stdout]).to.deep.equal([0, line]);
  });

  it('is refused where the engine works on a real cloud', async () => {
    const estate = await emptyEstate();
    estate.edit(
      'signalbox.yaml',
      /engine: .*/.exec(estate.read('signalbox.yaml'))?.[0] ?? '',
      'engine: pulumi',
    );
    const ran = await estate.run('sandbox', 'serve');
    expect([ran.code, said(ran)]).to.deep.equal([2, said(ran)]);
    expect(ran.stderr).to.contain('this repository works on a real cloud: there is no sandbox to serve');
  });
});
