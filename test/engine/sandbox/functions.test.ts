import { expect } from 'chai';
import { type Provider, SECRET, SIGNATURE, type WireObject } from '../../../src/engine/embedded/provider';
import { isSettled } from '../../../src/engine/sandbox/functions/settled';
import { schemaOf } from '../../../src/engine/sandbox/schema';
import { provider, refusal, Subject, World } from './world';

const VPC = 'aws:ec2/vpc:Vpc';
const SUBNET = 'aws:ec2/subnet:Subnet';

describe('functions of the sandbox’s aws', () => {
  let world: World;
  let aws: Provider;
  beforeEach(async () => {
    world = new World();
    aws = await provider(world.open(), 'aws', { region: 'eu-west-1' });
  });
  afterEach(() => world.remove());

  const ask = async (token: string, args: WireObject = {}, of = aws): Promise<WireObject> =>
    (await of.invoke({ token, args })).result;
  const make = (type: string, name: string, inputs: WireObject): Promise<Subject> =>
    new Subject(aws, type, name).create(inputs);

  it('name the zones of each region as AWS does, without those that are not wanted', async () => {
    const zones = (args: WireObject) => ask('aws:index/getAvailabilityZones:getAvailabilityZones', args);
    expect(await zones({})).to.deep.include({
      names: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      zoneIds: ['euw1-az1', 'euw1-az2', 'euw1-az3'],
    });
    expect((await zones({ region: 'us-east-1' }))['names']).to.have.length(6);
    expect((await zones({ region: 'ap-southeast-1' }))['zoneIds']).to.include('apse1-az1');
    const filters = [{ name: 'zone-name', values: ['*a', '*b'] }];
    expect((await zones({ filters, excludeNames: ['eu-west-1a'] }))['names']).to.deep.equal(['eu-west-1b']);
    expect(await refusal(zones({ filters: [{ name: 'colour', values: ['red'] }] }))).to.contain('colour');
    const one = await ask('aws:index/getAvailabilityZone:getAvailabilityZone', { name: 'eu-west-1b' });
    expect(one).to.include({ zoneId: 'euw1-az2', nameSuffix: 'b' });
  });

  it('answer the same question alike, in every process, and another one otherwise', async () => {
    const other = await provider(world.open(), 'aws', { region: 'eu-west-1' });
    const ami = async (name: string, of: Provider): Promise<unknown> =>
      (await ask('aws:ec2/getAmi:getAmi', { filters: [{ name: 'name', values: [name] }] }, of))['id'];
    expect(await ami('al2023-*', aws)).to.match(/^ami-0[0-9a-f]{16}$/);
    expect(await ami('al2023-*', aws)).to.equal(await ami('al2023-*', other));
    expect(await ami('al2023-*', aws)).to.not.equal(await ami('ubuntu-*', aws));
  });

  it('know the parameters that AWS publishes, the stack’s own, and no others', async () => {
    const parameter = (name: string) => ask('aws:ssm/getParameter:getParameter', { name });
    const image = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
    expect((await parameter(image))['value']).to.match(/^ami-0[0-9a-f]{16}$/);
    const document = await parameter('/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended');
    expect(JSON.parse(String(document['value']))).to.have.property('image_id');
    await make('aws:ssm/parameter:Parameter', 'token', { name: '/shop/token', type: 'String', value: 'abc' });
    const own = await parameter('/shop/token');
    expect(own['type']).to.equal('String');
    expect(own['value'], 'the sandbox keeps no secrets').to.have.property(SIGNATURE, SECRET);
    expect(await refusal(parameter('/shop/other'))).to.contain('getParameter: nothing matches');
  });

  it('find what the program made, by its arguments, filters and tags', async () => {
    const vpc = await make(VPC, 'main', { cidrBlock: '10.0.0.0/16', tags: { Name: 'main', Env: 'test' } });
    for (const [index, zone] of ['a', 'b'].entries()) {
      await make(SUBNET, zone, {
        vpcId: vpc.id,
        cidrBlock: `10.0.${index}.0/24`,
        availabilityZone: `eu-west-1${zone}`,
        tags: { Tier: zone === 'a' ? 'public' : 'private' },
      });
    }
    const subnets = async (...filters: WireObject[]): Promise<unknown> =>
      ((await ask('aws:ec2/getSubnets:getSubnets', { filters }))['ids'] as unknown[]).length;
    expect(await subnets({ name: 'vpc-id', values: [vpc.id] })).to.equal(2);
    const within = { name: 'vpc-id', values: [vpc.id] };
    expect(await subnets(within, { name: 'tag:Tier', values: ['priv*'] })).to.equal(1);
    expect(await subnets(within, { name: 'default-for-az', values: ['true'] })).to.equal(0);
    expect(await refusal(subnets({ name: 'no-such', values: ['x'] }))).to.contain(
      'knows no filter no-such of aws:ec2/subnet:Subnet',
    );
    const get = (args: WireObject) => ask('aws:ec2/getVpc:getVpc', args);
    expect((await get({ tags: { Env: 'test' } }))['id']).to.equal(vpc.id);
    expect((await get({ filters: [{ name: 'vpc-id', values: [vpc.id] }] }))['cidrBlock']).to.equal(
      '10.0.0.0/16',
    );
    expect(await refusal(get({}))).to.contain('getVpc: 2 match {}, one must');
    expect(await refusal(get({ id: 'vpc-0123' }))).to.contain('nothing matches {"id":"vpc-0123"}');
    const zone = await make('aws:route53/zone:Zone', 'shop', { name: 'shop.example' });
    expect((await ask('aws:route53/getZone:getZone', { name: 'shop.example.' }))['zoneId']).to.equal(zone.id);
  });

  it('know the default network that every account has', async () => {
    const vpc = await ask('aws:ec2/getVpc:getVpc', { default: true });
    expect(vpc).to.include({ cidrBlock: '172.31.0.0/16', default: true });
    const filters = [{ name: 'vpc-id', values: [vpc['id'] ?? null] }];
    expect((await ask('aws:ec2/getSubnets:getSubnets', { filters }))['ids']).to.have.length(3);
    const group = await ask('aws:ec2/getSecurityGroup:getSecurityGroup', {
      name: 'default',
      vpcId: vpc['id'] ?? null,
    });
    expect(group['id']).to.equal(vpc['defaultSecurityGroupId']);
  });

  it('stand in for the values of secrets, and say that they are secret', async () => {
    const SECRETS = 'aws:secretsmanager/secret';
    const owner = await make(`${SECRETS}:Secret`, 'database', { name: 'database' });
    const version = (secretId: string) =>
      ask('aws:secretsmanager/getSecretVersion:getSecretVersion', { secretId });
    expect(await refusal(version('database'))).to.contain('nothing matches');
    await make(`${SECRETS}Version:SecretVersion`, 'database', {
      secretId: owner.id,
      secretString: 'hunter22',
    });
    const found = await version('database');
    expect(found['secretString']).to.have.property(SIGNATURE, SECRET);
    expect(JSON.stringify(found)).to.not.contain('hunter22');
    expect(await version(owner.id)).to.deep.include({ secretString: found['secretString'] });
    const auth = await ask('aws:eks/getClusterAuth:getClusterAuth', { name: 'shop' });
    expect(auth['token']).to.have.property(SIGNATURE, SECRET);
  });

  it('know what is AWS’s own', async () => {
    const arn = 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole';
    expect(await ask('aws:iam/getPolicy:getPolicy', { arn })).to.include({
      ...{ name: 'AmazonEC2ContainerServiceRole', path: '/service-role/' },
    });
    const alias = await ask('aws:kms/getAlias:getAlias', { name: 'alias/aws/s3' });
    expect(alias['targetKeyArn']).to.match(/^arn:aws:kms:eu-west-1:\d{12}:key\/[0-9a-f-]{36}$/);
    const principal = await ask('aws:index/getServicePrincipal:getServicePrincipal', { serviceName: 'ec2' });
    expect(principal).to.include({ name: 'ec2.amazonaws.com' });
    expect(await refusal(ask('aws:iam/getSamlProvider:getSamlProvider'))).to.equal(
      'the sandbox does not know the function aws:iam/getSamlProvider:getSamlProvider',
    );
  });
});

describe('what the functions of the sandbox hang on', () => {
  it('is the seed, the stack and the provider alone for some, and what exists for the others', () => {
    const settled = ['aws:index/getRegion:getRegion', 'aws:ec2/getAmi:getAmi', 'aws:index/getAmi:getAmi'];
    expect(settled.filter((token) => !isSettled(token))).to.deep.equal([]);
    expect(['aws:ec2/getVpc:getVpc', 'aws:ssm/getParameter:getParameter'].filter(isSettled)).to.deep.equal(
      [],
    );
  });
});

describe('reading what a program does not manage', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  const get = async (of: Provider, type: string, id: string, stack = 'shop-eu1') => {
    const subject = new Subject(of, type, 'got', stack);
    subject.id = id;
    return subject.read();
  };

  it('finds what another stack made, but for a refresh nothing that is not the stack’s own', async () => {
    const [near, far] = [
      await provider(world.open(), 'aws', {}, 'near'),
      await provider(world.open(), 'aws', {}, 'far'),
    ];
    const vpc = await new Subject(near, VPC, 'main', 'near').create({ cidrBlock: '10.0.0.0/16' });
    const seen = await get(far, VPC, vpc.id, 'far');
    expect(seen.properties).to.deep.equal(vpc.outputs);
    expect(Object.keys(seen.inputs).every((name) => schemaOf(VPC)?.get(name)?.isInput)).to.equal(true);
    const own = new Subject(far, VPC, 'main', 'far');
    [own.id, own.inputs] = [vpc.id, vpc.inputs];
    expect((await own.read()).id, 'refreshing one of its own that is gone').to.equal('');
    expect((await get(far, VPC, 'vpc-00000000000000000', 'far')).id).to.equal('');
  });

  it('finds namespaces that every cluster has, and objects whose namespace was left out', async () => {
    const kubernetes = await provider(world.open(), 'kubernetes');
    expect((await get(kubernetes, 'kubernetes:core/v1:Namespace', 'kube-system')).id).to.equal('kube-system');
    const CONFIG = 'kubernetes:core/v1:ConfigMap';
    await new Subject(kubernetes, CONFIG, 'settings').create({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: '1' } },
    });
    const seen = await get(kubernetes, CONFIG, 'settings');
    expect([seen.id, seen.properties['data']]).to.deep.equal(['default/settings', { a: '1' }]);
    expect((await get(kubernetes, CONFIG, 'other')).id).to.equal('');
  });
});
