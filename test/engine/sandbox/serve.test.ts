import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { attachedProviders } from '../../../src/engine/embedded/attached';
import { type Provider, SECRET, SIGNATURE } from '../../../src/engine/embedded/provider';
import { type Cloud, openCloud } from '../../../src/engine/sandbox/cloud';
import { type ServedSandbox, serveSandbox } from '../../../src/engine/sandbox/serve';
import { startSandboxProcess } from '../../../src/engine/sandbox/serve-process';

const TYPE = 'aws:ec2/vpc:Vpc';
const call = (stack: string) => ({
  urn: `urn:pulumi:${stack}::shop::${TYPE}::network`,
  type: TYPE,
  name: 'network',
});
const seed = new Uint8Array(32);
const secret = (value: string) => ({ [SIGNATURE]: SECRET, value });

describe('the sandbox on a port', () => {
  let folder = '';
  let cloud: Cloud;
  let served: ServedSandbox;
  const open: Provider[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-serve-'));
    cloud = openCloud(join(folder, 'cloud.db'), {
      seed: 'served',
      faults: [{ match: { name: 'broken' }, fail: { call: 'create', message: 'quota exceeded' } }],
    });
    served = await serveSandbox(cloud);
  });
  afterEach(async () => {
    for (const provider of open.splice(0)) await provider.close();
    await served.close();
    cloud.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const connect = async (stack: string, region: string): Promise<Provider> => {
    const provider = await attachedProviders(served.attach)('aws', '');
    if (!provider) throw new Error(`nothing serves aws: ${served.attach}`);
    open.push(provider);
    await provider.configure({
      urn: `urn:pulumi:${stack}::shop::pulumi:providers:aws::aws`,
      id: 'some-id',
      inputs: { region },
    });
    return provider;
  };

  it('creates, compares, updates, reads and deletes as in the process itself', async () => {
    const aws = await connect('near', 'eu-west-1');
    const inputs = { cidrBlock: '10.0.0.0/16', tags: { Team: secret('shop') } };
    const checked = await aws.check({ ...call('near'), olds: {}, news: inputs, randomSeed: seed });
    expect(checked.failures).to.deep.equal([]);
    const made = await aws.create({
      ...call('near'),
      properties: checked.inputs,
      preview: false,
      timeout: 0,
    });
    expect(cloud.born(call('near').urn).map(({ id }) => id)).to.deep.equal([made.id]);
    expect(made.properties['tags']).to.deep.equal({ Team: secret('shop') });
    const common = { ...call('near'), id: made.id, oldInputs: checked.inputs, olds: made.properties };

    const moved = await aws.diff({
      ...common,
      news: { ...checked.inputs, cidrBlock: '10.1.0.0/16' },
      ignoreChanges: [],
    });
    expect(moved).to.deep.include({ changes: 'some', replaces: ['cidrBlock'] });
    expect(moved.detailedDiff?.['cidrBlock']?.kind).to.equal('update-replace');
    const same = await aws.diff({ ...common, news: checked.inputs, ignoreChanges: [] });
    expect(same.changes).to.equal('none');

    const news = { ...checked.inputs, enableDnsHostnames: true };
    await aws.update({ ...common, news, preview: false, ignoreChanges: [], timeout: 0 });
    const seen = await aws.read({ ...call('near'), id: made.id, inputs: news, properties: made.properties });
    expect(seen.inputs['enableDnsHostnames']).to.equal(true);
    await aws.delete({ ...common, properties: made.properties, timeout: 0 });
    const gone = await aws.read({ ...call('near'), id: made.id, inputs: news, properties: made.properties });
    expect(gone.id).to.equal('');
  });

  it('tells what is wrong with inputs and why a call failed', async () => {
    const aws = await connect('near', 'eu-west-1');
    const checked = await aws.check({
      ...call('near'),
      olds: {},
      news: { cidrBlok: '10.0.0.0/16' },
      randomSeed: seed,
    });
    expect(checked.failures.map(({ reason }) => reason).join()).to.contain('cidrBlock');
    const urn = call('near').urn.replace('::network', '::broken');
    const created = aws.create({
      ...call('near'),
      urn,
      name: 'broken',
      properties: {},
      preview: false,
      timeout: 0,
    });
    expect(await created.then(() => '', String)).to.contain('quota exceeded');
  });

  it('keeps what each connection was configured with apart', async () => {
    const [near, far] = [await connect('near', 'eu-west-1'), await connect('far', 'us-east-1')];
    const arn = async (aws: Provider, stack: string) => {
      const properties = { cidrBlock: '10.0.0.0/16' };
      const made = await aws.create({ ...call(stack), properties, preview: false, timeout: 0 });
      return String(made.properties['arn']);
    };
    expect(await arn(near, 'near')).to.contain(':eu-west-1:');
    expect(await arn(far, 'far')).to.contain(':us-east-1:');
    expect(served.connections()).to.equal(2);
  });

  it('runs in a process of its own, which leaves when it is let go', async () => {
    const file = join(folder, 'other.db');
    const other = await startSandboxProcess({ file, seed: 'served', faults: [] });
    expect(other.attach).to.match(/^aws:\d+,kubernetes:\d+$/);
    await other.close();
    const lost = await attachedProviders(other.attach)('aws', '');
    const asked = lost?.configure({ urn: 'urn:pulumi:near::shop::pulumi:providers:aws::aws', inputs: {} });
    expect(await asked?.then(() => '', String)).to.contain('ECONNREFUSED');
    await lost?.close();
  });
});
