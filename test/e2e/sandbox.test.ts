import { expect } from 'chai';
import { attachedProviders } from '../../src/engine/embedded/attached';
import type { Provider } from '../../src/engine/embedded/provider';
import { emptyEstate } from './estate';
import { said } from './program';

describe('sandbox serve', function () {
  this.timeout(300_000);

  it('says the variable that plain pulumi needs, in words and in a file, and serves until it is told to stop', async () => {
    const estate = await emptyEstate();
    const running = estate.start(['sandbox', 'serve', '--port-file', `${estate.root}/ports.env`]);
    await running.said(/serving the sandbox/);
    const line = estate.read('ports.env');
    expect(line).to.match(/^PULUMI_DEBUG_PROVIDERS=aws:\d+,kubernetes:\d+\n$/);
    await running.said(/PULUMI_CONFIG_PASSPHRASE/);
    running.signal('SIGINT');
    const ended = await running.ended;
    expect([ended.code, ended.stdout]).to.deep.equal([0, line]);
    expect(ended.stderr).to.contain(
      `for plain pulumi: export ${line.trim()} PULUMI_BACKEND_URL=file://${estate.root}/.signalbox/state PULUMI_CONFIG_PASSPHRASE=sandbox\n`,
    );
  });

  it('may be served twice at once: both are doors to the same cloud, each with ports of its own', async () => {
    const estate = await emptyEstate();
    const doors = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const running = estate.start(['sandbox', 'serve', '--port-file', `${estate.root}/${name}.env`]);
        await running.said(/serving the sandbox/);
        const attach = estate.read(`${name}.env`).trim().split('=')[1] ?? '';
        return { running, attach };
      }),
    );
    const [one, two] = doors;
    expect(one?.attach).to.not.equal(two?.attach);
    const type = 'aws:ec2/vpc:Vpc';
    const call = { urn: `urn:pulumi:near::shop::${type}::network`, type, name: 'network' };
    const through = async <T>(attach: string, work: (aws: Provider) => Promise<T>): Promise<T> => {
      const aws = await attachedProviders(attach)('aws', '');
      if (!aws) throw new Error(`nothing serves aws: ${attach}`);
      await aws.configure({ urn: 'urn:pulumi:near::shop::pulumi:providers:aws::aws', inputs: {} });
      return work(aws).finally(() => aws.close());
    };
    const made = await through(one?.attach ?? '', (aws) =>
      aws.create({ ...call, properties: { cidrBlock: '10.0.0.0/16' }, preview: false, timeout: 0 }),
    );
    one?.running.signal('SIGINT');
    expect((await one?.running.ended)?.code).to.equal(0);
    const seen = await through(two?.attach ?? '', (aws) =>
      aws.read({ ...call, id: made.id, inputs: {}, properties: {} }),
    );
    expect(seen.properties['cidrBlock']).to.equal('10.0.0.0/16');
    two?.running.signal('SIGTERM');
    expect((await two?.running.ended)?.code).to.equal(0);
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
