import { expect } from 'chai';
import Network, { inputs, outputs } from '../../components/network';
import { resolved, resource, run } from './mocks';

const args = { region: 'eu-west-1', cidr: '10.20.0.0/16' };

describe('the network component', () => {
  it('makes a public and a private subnet in each zone, all below itself', async () => {
    const { recording } = await run(() => new Network('network', { ...args, zones: 3 }));
    const subnets = recording.urns.filter((urn) => urn.includes('aws:ec2/subnet:Subnet'));
    expect(subnets.map((urn) => urn.split('::')[3])).to.deep.equal([
      'network-private-a',
      'network-private-b',
      'network-private-c',
      'network-public-a',
      'network-public-b',
      'network-public-c',
    ]);
    const [own, ...others] = recording.urns.toSorted((left, right) => left.length - right.length);
    expect(own).to.equal('urn:pulumi:test::shop::shop:network:Network::network');
    for (const urn of others) expect(urn).to.match(/^urn:pulumi:test::shop::shop:network:Network\$aws:ec2\//);
  });

  it('keeps a subnet where it is when a zone is added', async () => {
    const two = await run(() => new Network('network', { ...args, zones: 2 }));
    const three = await run(() => new Network('network', { ...args, zones: 3 }));
    for (const [name, given] of two.recording.inputs)
      expect(three.recording.inputs.get(name)).to.deep.equal(given);
    const last = three.recording.inputs.get(resource('aws:ec2/subnet:Subnet', 'network-private-c'));
    expect(last).to.include({ cidrBlock: '10.20.102.0/24', availabilityZone: 'eu-west-1c' });
  });

  it('lets only the web layer reach databases', async () => {
    const { recording } = await run(() => new Network('network', args));
    expect(recording.inputs.get(resource('aws:ec2/securityGroup:SecurityGroup', 'network-data')))
      .to.have.property('ingress')
      .that.deep.equals([
        { protocol: 'tcp', fromPort: 5432, toPort: 5432, securityGroups: ['network-web-id'] },
      ]);
  });

  it('gives the outputs that its schema declares', async () => {
    const { made } = await run(() => new Network('network', args));
    const given = {
      vpcId: await resolved(made.vpcId),
      publicSubnets: await resolved(made.publicSubnets),
      privateSubnets: await resolved(made.privateSubnets),
      webGroup: await resolved(made.webGroup),
      dataGroup: await resolved(made.dataGroup),
    };
    expect(outputs.parse(given)).to.deep.equal(given);
    expect(given.privateSubnets).to.deep.equal(['network-private-a-id', 'network-private-b-id']);
  });

  it('refuses a range that is no /16, a zone too many and an unknown input', () => {
    expect(inputs.safeParse({ ...args, cidr: '10.20.0.0/24' }).success).to.equal(false);
    expect(inputs.safeParse({ ...args, zones: 5 }).success).to.equal(false);
    expect(inputs.safeParse({ ...args, zone: 2 }).success).to.equal(false);
    expect(inputs.parse(args).zones).to.equal(2);
  });
});
