import { expect } from 'chai';
import { type Provider, SECRET, SIGNATURE, type WireObject } from '../../../src/engine/embedded/provider';
import { provider, Subject, World } from './world';

/** What one changed input means for a resource, by knowledge of the real provider. */
type Case = readonly [type: string, before: WireObject, after: WireObject, replaces: readonly string[]];

const INSTANCE = { ami: 'ami-1', instanceType: 't3.micro', userData: 'a' };
const DATABASE = { identifier: 'shop', instanceClass: 'db.t4g.micro', engine: 'postgres' };
const TASK = { family: 'web', containerDefinitions: '[{"image":"shop:1"}]' };
const CLUSTER = { roleArn: 'arn', vpcConfig: { subnetIds: ['a'] } };

const CASES: readonly Case[] = [
  ['aws:ec2/vpc:Vpc', {}, { instanceTenancy: 'dedicated' }, ['instanceTenancy']],
  ['aws:ec2/vpc:Vpc', { instanceTenancy: 'dedicated' }, { instanceTenancy: 'default' }, []],
  ['aws:ec2/vpc:Vpc', { region: 'eu-west-1' }, { region: 'eu-west-2' }, ['region']],
  ['aws:ec2/instance:Instance', INSTANCE, { ...INSTANCE, userData: 'b', instanceType: 't3.large' }, []],
  [
    'aws:ec2/instance:Instance',
    { ...INSTANCE, userDataReplaceOnChange: true },
    { ...INSTANCE, userDataReplaceOnChange: true, userData: 'b' },
    ['userData'],
  ],
  ['aws:rds/instance:Instance', DATABASE, { ...DATABASE, identifier: 'store' }, []],
  ['aws:rds/instance:Instance', DATABASE, { ...DATABASE, engine: 'mysql' }, ['engine']],
  ['aws:rds/instance:Instance', DATABASE, { ...DATABASE, engineVersion: '18.1' }, []],
  [
    'aws:ecs/taskDefinition:TaskDefinition',
    TASK,
    { ...TASK, containerDefinitions: '[{"image":"shop:2"}]' },
    ['containerDefinitions'],
  ],
  [
    'aws:ecs/service:Service',
    { name: 'web', taskDefinition: 'web:1', desiredCount: 1 },
    { name: 'web', taskDefinition: 'web:2', desiredCount: 2 },
    [],
  ],
  [
    'aws:eks/cluster:Cluster',
    CLUSTER,
    { ...CLUSTER, vpcConfig: { subnetIds: ['a', 'b'] }, version: '1.34' },
    [],
  ],
  ['aws:eks/cluster:Cluster', CLUSTER, { ...CLUSTER, roleArn: 'other' }, ['roleArn']],
  [
    'aws:route53/record:Record',
    { zoneId: 'Z', name: 'a', type: 'A', ttl: 60 },
    { zoneId: 'Z', name: 'a', type: 'CNAME', ttl: 90 },
    [],
  ],
  [
    'aws:lb/targetGroup:TargetGroup',
    { port: 80, protocol: 'HTTP', vpcId: 'vpc-1' },
    { port: 81, protocol: 'HTTP', vpcId: 'vpc-1' },
    ['port'],
  ],
  [
    'aws:ec2/securityGroupRule:SecurityGroupRule',
    { type: 'ingress', protocol: 'tcp', fromPort: 80, toPort: 80, securityGroupId: 'sg', description: 'a' },
    { type: 'ingress', protocol: 'tcp', fromPort: 81, toPort: 81, securityGroupId: 'sg', description: 'b' },
    ['fromPort', 'toPort'],
  ],
  [
    'aws:lambda/function:Function',
    { role: 'r', runtime: 'nodejs22.x' },
    { role: 'r', runtime: 'nodejs24.x' },
    [],
  ],
  ['aws:iam/user:User', { name: 'a' }, { name: 'b' }, []],
  ['aws:cloudfront/originAccessControl:OriginAccessControl', oac('a'), oac('b'), []],
];

function oac(description: string): WireObject {
  return {
    ...{
      description,
      originAccessControlOriginType: 's3',
      signingBehavior: 'always',
      signingProtocol: 'sigv4',
    },
  };
}

describe('what the sandbox knows of types by hand', () => {
  let world: World;
  let aws: Provider;
  beforeEach(async () => {
    world = new World();
    aws = await provider(world.open(), 'aws', { region: 'eu-west-1' });
  });
  afterEach(() => world.remove());

  const make = (type: string, name: string, inputs: WireObject) =>
    new Subject(aws, type, name).create(inputs);

  for (const [type, before, after, replaces] of CASES) {
    const keys = Object.keys(after).filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
    );
    it(`${type}: ${keys.join(', ')} ${replaces.length > 0 ? 'makes a new one' : 'in place'}`, async () => {
      const diff = await (await make(type, 'it', before)).diff(after);
      expect(diff.changes).to.equal('some');
      expect([...diff.replaces].sort()).to.deep.equal(replaces);
    });
  }

  it('a database has the version, license and groups of its engine', async () => {
    const mysql = await make('aws:rds/instance:Instance', 'a', { ...DATABASE, engine: 'mysql' });
    expect(mysql.outputs).to.include({
      ...{ engineVersion: '8.4.6', port: 3306, licenseModel: 'general-public-license' },
      ...{ parameterGroupName: 'default.mysql8.4', optionGroupName: 'default:mysql-8-4' },
    });
    const cluster = await make('aws:rds/cluster:Cluster', 'Shop', {
      ...{ engine: 'aurora-postgresql', masterPassword: 'hunter22' },
    });
    expect(cluster.outputs['endpoint']).to.match(
      /^shop-[0-9a-f]{7}\.cluster-c[a-z0-9]{11}\.eu-west-1\.rds\.amazonaws\.com$/,
    );
    expect(cluster.outputs['masterPassword']).to.have.property(SIGNATURE, SECRET);
  });

  it('a revision of a task definition stands beside the one it replaces', async () => {
    const [old, fresh] = [
      await make('aws:ecs/taskDefinition:TaskDefinition', 'web', TASK),
      await make('aws:ecs/taskDefinition:TaskDefinition', 'web', TASK),
    ];
    expect([old.outputs['revision'], fresh.outputs['revision']]).to.deep.equal([1, 2]);
    expect(fresh.outputs['arn']).to.match(/^arn:aws:ecs:eu-west-1:\d{12}:task-definition\/web:2$/);
  });

  it('network and application load balancers have the names and zones of their kind', async () => {
    const balancer = (loadBalancerType: string) =>
      make('aws:lb/loadBalancer:LoadBalancer', loadBalancerType, { name: 'web', loadBalancerType });
    const network = (await balancer('network')).outputs;
    expect(network['dnsName']).to.match(/^web-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$/);
    expect(network['zoneId']).to.equal('Z2IFOLAFXWLO4F');
    expect((await balancer('application')).outputs['zoneId']).to.equal('Z32O12XQLNTSW2');
  });

  it('a certificate says how each of its names is proven', async () => {
    const certificate = await make('aws:acm/certificate:Certificate', 'web', {
      ...{ domainName: 'a.example', subjectAlternativeNames: ['*.a.example', 'b.example'] },
    });
    const options = certificate.outputs['domainValidationOptions'] as WireObject[];
    expect(options.map(({ domainName }) => domainName)).to.deep.equal([
      ...['a.example', '*.a.example', 'b.example'],
    ]);
    expect(options[0]?.['resourceRecordName'], 'a wildcard is proven with its domain').to.equal(
      options[1]?.['resourceRecordName'],
    );
  });

  it('a secret that the cloud makes up is one in the outputs, and not in its file', async () => {
    const key = await make('aws:iam/accessKey:AccessKey', 'ci', { user: 'ci' });
    const made = key.outputs['secret'] as WireObject;
    expect(made).to.have.property(SIGNATURE, SECRET);
    const stored = JSON.stringify(world.open().ofType('aws:iam/accessKey:AccessKey'));
    expect(stored).to.not.contain(String(made['value']));
    expect((await key.read()).properties['secret']).to.deep.equal(made);
  });
});
