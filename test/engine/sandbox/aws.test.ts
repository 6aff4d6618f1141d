import { expect } from 'chai';
import { type Provider, SECRET, SIGNATURE, type WireObject } from '../../../src/engine/embedded/provider';
import type { Cloud } from '../../../src/engine/sandbox/cloud';
import { provider, refusal, Subject, UNKNOWN, World } from './world';

const secret = (value: string): WireObject => ({ [SIGNATURE]: SECRET, value });

const VPC = 'aws:ec2/vpc:Vpc';
const BUCKET = 'aws:s3/bucket:Bucket';
const DATABASE = 'aws:rds/instance:Instance';
const ROLE = 'aws:iam/role:Role';

describe('sandbox provider of aws', () => {
  let world: World;
  let cloud: Cloud;
  let aws: Provider;
  const subject = (type: string, name: string): Subject => new Subject(aws, type, name);

  beforeEach(async () => {
    world = new World();
    cloud = world.open();
    aws = await provider(cloud, 'aws', { region: 'eu-west-1' });
  });
  afterEach(() => world.remove());

  it('gives a VPC an id, an ARN with region and account, and every output its type declares', async () => {
    const vpc = await subject(VPC, 'main').create({ cidrBlock: '10.0.0.0/16', tags: { Name: 'main' } });
    expect(vpc.id).to.match(/^vpc-0[0-9a-f]{16}$/);
    const { arn, ownerId, region, tagsAll, enableDnsSupport, defaultSecurityGroupId } = vpc.outputs;
    expect(ownerId).to.match(/^[1-9]\d{11}$/);
    expect(arn).to.equal(`arn:aws:ec2:eu-west-1:${ownerId}:vpc/${vpc.id}`);
    expect({ region, tagsAll, enableDnsSupport }).to.deep.equal({
      region: 'eu-west-1',
      tagsAll: { Name: 'main' },
      enableDnsSupport: true,
    });
    expect(defaultSecurityGroupId).to.match(/^sg-0/);
    expect(vpc.outputs).to.have.property('ipv6CidrBlock', '');
    expect(vpc.outputs).to.not.have.property('__defaults');
  });

  it('makes the same ids, names and endpoints again in an empty cloud with the same seed', async () => {
    const deploy = async (seed: string): Promise<WireObject[]> => {
      const other = new World();
      const host = await provider(other.open({ seed }), 'aws', {});
      const made = [];
      for (const [type, inputs] of [
        [BUCKET, {}],
        [DATABASE, { instanceClass: 'db.t4g.micro', engine: 'postgres' }],
      ] as const) {
        made.push((await new Subject(host, type, 'shop').create(inputs)).outputs);
      }
      other.remove();
      return made;
    };
    expect(await deploy('a')).to.deep.equal(await deploy('a'));
    expect((await deploy('a'))[0]).to.not.deep.equal((await deploy('b'))[0]);
  });

  it('knows in a preview what is given, and nothing that only the cloud can say', async () => {
    const outputs = await subject(DATABASE, 'shop').foresee({
      instanceClass: 'db.t4g.micro',
      engine: 'postgres',
      password: secret('hunter22'),
      dbSubnetGroupName: UNKNOWN,
    });
    expect(outputs).to.include({
      engine: 'postgres',
      address: UNKNOWN,
      endpoint: UNKNOWN,
      arn: UNKNOWN,
      port: UNKNOWN,
      dbSubnetGroupName: UNKNOWN,
      region: 'eu-west-1',
    });
    expect(outputs['password']).to.deep.equal(secret('hunter22'));
    expect(cloud.log()).to.deep.equal([]);
  });

  it('keeps a secret input secret in the outputs and out of its file', async () => {
    const database = await subject(DATABASE, 'shop').create({
      instanceClass: 'db.t4g.micro',
      engine: 'postgres',
      username: 'shop',
      password: 'plain-hunter22',
    });
    expect(database.outputs['password']).to.deep.equal(secret('plain-hunter22'));
    expect(database.outputs['address']).to.match(
      /^shop-[0-9a-f]{7}\.c[a-z0-9]{11}\.eu-west-1\.rds\.amazonaws\.com$/,
    );
    expect(database.outputs['endpoint']).to.equal(`${database.outputs['address']}:5432`);
    expect(JSON.stringify(cloud.ofType(DATABASE))).to.not.contain('hunter22');
    const { properties, inputs } = await database.read();
    expect(properties).to.deep.equal(database.outputs);
    expect(inputs).to.deep.equal(database.inputs);
  });

  it('keeps a secret out of its file wherever it stands', async () => {
    const inputs = { tags: { Name: 'a', Token: secret('hunter22') } };
    const bucket = await subject(BUCKET, 'assets').create(inputs);
    expect(bucket.outputs['tags']).to.deep.equal(inputs.tags);
    expect(JSON.stringify(cloud.ofType(BUCKET))).to.not.contain('hunter22');
    const named = await subject(BUCKET, 'named').create({ bucket: secret('hunter22') });
    expect(named.outputs['arn']).to.deep.equal(secret('arn:aws:s3:::hunter22'));
    expect((await bucket.read()).properties).to.deep.equal(bucket.outputs);
    expect((await bucket.diff(inputs)).changes).to.equal('none');
    const others = await bucket.diff({ tags: { Name: 'a', Token: secret('hunter23') } });
    expect(Object.keys(others.detailedDiff ?? {})).to.deep.equal(['tags.Token']);
  });

  it('finds no change between a program and itself', async () => {
    const bucket = await subject(BUCKET, 'assets').create({ tags: { Name: 'assets' } });
    const diff = await bucket.diff({ tags: { Name: 'assets' } });
    expect(diff.changes).to.equal('none');
    expect(diff.detailedDiff).to.equal(undefined);
  });

  it('names each nested input that changed, and how', async () => {
    const group = await subject('aws:ec2/securityGroup:SecurityGroup', 'web').create({
      tags: { a: '1', b: '2' },
      ingress: [{ protocol: 'tcp', fromPort: 80, toPort: 80, cidrBlocks: ['10.0.0.0/8', '0.0.0.0/0'] }],
    });
    const diff = await group.diff({
      tags: { a: '1', b: '3', c: '4' },
      ingress: [{ protocol: 'tcp', fromPort: 81, toPort: 80, cidrBlocks: ['0.0.0.0/0', '10.0.0.0/8'] }],
    });
    expect(diff.diffs).to.have.members(['tags', 'ingress']);
    expect(
      Object.entries(diff.detailedDiff ?? {}).map(([path, { kind }]) => `${path} ${kind}`),
    ).to.have.members(['tags.b update', 'tags.c add', 'ingress[0].fromPort update']);
    expect(diff.replaces).to.deep.equal([]);
  });

  it('leaves ignored changes out', async () => {
    const bucket = await subject(BUCKET, 'assets').create({ tags: { a: '1', b: '1' } });
    const diff = await bucket.diff({ tags: { a: '2', b: '1' } }, ['tags.a']);
    expect(diff.changes).to.equal('none');
  });

  it('replaces what cannot be changed in place, first the new one', async () => {
    const vpc = await subject(VPC, 'main').create({ cidrBlock: '10.0.0.0/16' });
    const diff = await vpc.diff({ cidrBlock: '10.1.0.0/16' });
    expect(diff.replaces).to.deep.equal(['cidrBlock']);
    expect(diff.detailedDiff?.['cidrBlock']?.kind).to.equal('update-replace');
    expect(diff.deleteBeforeReplace).to.equal(false);
  });

  it('deletes first where a chosen name stands in the way', async () => {
    const role = await subject(ROLE, 'runner').create({
      name: 'runner',
      assumeRolePolicy: '{}',
      path: '/a/',
    });
    const moved = await role.diff({ name: 'runner', assumeRolePolicy: '{}', path: '/b/' });
    expect(moved.replaces).to.deep.equal(['path']);
    expect(moved.deleteBeforeReplace).to.equal(true);
    const renamed = await role.diff({ name: 'walker', assumeRolePolicy: '{}', path: '/b/' });
    expect(renamed.deleteBeforeReplace).to.equal(false);
  });

  it('takes an unknown value of a forcing input for a replacement', async () => {
    const subnet = await subject('aws:ec2/subnet:Subnet', 'a').create({
      vpcId: 'vpc-1',
      cidrBlock: '10.0.0.0/24',
    });
    const diff = await subnet.diff({ vpcId: UNKNOWN, cidrBlock: '10.0.0.0/24' });
    expect(diff.replaces).to.deep.equal(['vpcId']);
  });

  it('gives a successor under the same URN an id of its own', async () => {
    const [old, fresh] = [subject(VPC, 'main'), subject(VPC, 'main')];
    await old.create({ cidrBlock: '10.0.0.0/16' });
    await fresh.create({ cidrBlock: '10.1.0.0/16' });
    expect(fresh.id).to.not.equal(old.id);
    await old.delete();
    expect((await fresh.read()).id).to.equal(fresh.id);
  });

  it('keeps a generated name for life and gives the successor another, the same in preview and update', async () => {
    const bucket = await subject(BUCKET, 'Assets').create({});
    expect(bucket.inputs['bucket']).to.match(/^assets-[0-9a-f]{7}$/);
    const again = await bucket.check({ tags: {} });
    expect(again.inputs['bucket']).to.equal(bucket.inputs['bucket']);
    const successor = (await bucket.check({ objectLockEnabled: true }, {})).inputs['bucket'];
    expect(successor)
      .to.match(/^assets-[0-9a-f]{7}$/)
      .and.not.equal(bucket.inputs['bucket']);
    const other = new Subject(await provider(world.open(), 'aws'), BUCKET, 'Assets');
    await other.check({}, bucket.inputs);
    expect((await other.check({ objectLockEnabled: true }, {})).inputs['bucket']).to.equal(successor);
  });

  it('finds two JSON documents that mean the same to be the same', async () => {
    const role = await subject(ROLE, 'runner').create({ assumeRolePolicy: '{"a":1,"b":[2]}' });
    expect((await role.diff({ assumeRolePolicy: '{ "b": [2], "a": 1 }' })).changes).to.equal('none');
    expect((await role.diff({ assumeRolePolicy: '{ "b": [3], "a": 1 }' })).changes).to.equal('some');
  });

  it('keeps computed outputs in an update, and blurs in its preview what hangs on unknown values', async () => {
    const queue = await subject('aws:sqs/queue:Queue', 'jobs').create({});
    const { arn, url } = queue.outputs;
    expect(url).to.match(/^https:\/\/sqs\.eu-west-1\.amazonaws\.com\/\d{12}\/jobs-[0-9a-f]{7}$/);
    const foreseen = await queue.update({ delaySeconds: 5, kmsMasterKeyId: UNKNOWN }, true);
    expect(foreseen).to.include({ arn, url, delaySeconds: 5, kmsMasterKeyId: UNKNOWN });
    expect(await queue.update({ delaySeconds: 5 })).to.include({ arn, url, delaySeconds: 5 });
    expect((await queue.read()).properties['delaySeconds']).to.equal(5);
  });

  it('does not know in a preview what follows from an unknown value', async () => {
    const inputs = { instanceClass: 'db.t4g.micro', engine: 'postgres', port: 5433 };
    const database = await subject(DATABASE, 'shop').create(inputs);
    const { address, endpoint } = database.outputs;
    expect(endpoint).to.equal(`${address}:5433`);
    const foreseen = await database.update({ ...inputs, port: UNKNOWN }, true);
    expect(foreseen).to.include({ address, endpoint: UNKNOWN, port: UNKNOWN });
  });

  it('says which inputs are missing, unknown or of another kind', async () => {
    const reasons = async (type: string, news: WireObject): Promise<string[]> =>
      (await subject(type, 'x').check(news)).failures.map(({ property, reason }) => `${property}: ${reason}`);
    expect(await reasons('aws:ec2/subnet:Subnet', {})).to.deep.equal([
      "vpcId: Missing required property 'vpcId'",
    ]);
    expect(await reasons(VPC, { cidrBlok: '10.0.0.0/16' })).to.deep.equal([
      "cidrBlok: unknown property 'cidrBlok'; did you mean 'cidrBlock'?",
    ]);
    expect(await reasons(VPC, { arn: 'x' })).to.deep.equal(["arn: 'arn' is an output and cannot be set"]);
    expect(await reasons(VPC, { tags: 'x', cidrBlock: [] })).to.deep.equal([
      'tags: expected a map, got a string',
      'cidrBlock: expected a string, got a list',
    ]);
    expect(await reasons(VPC, { enableDnsSupport: 'true', cidrBlock: UNKNOWN, tags: UNKNOWN })).to.deep.equal(
      [],
    );
  });

  it('says it of nested inputs too, with their path', async () => {
    const reasons = async (type: string, news: WireObject): Promise<string[]> =>
      (await subject(type, 'x').check(news)).failures.map(({ property, reason }) => `${property}: ${reason}`);
    const GROUP = 'aws:ec2/securityGroup:SecurityGroup';
    const rule = { protocol: 'tcp', fromPort: 80, toPort: 80, cidrBlocks: ['10.0.0.0/8'] };
    expect(await reasons(GROUP, { ingress: [rule, { ...rule, fromPort: UNKNOWN }] })).to.deep.equal([]);
    expect(await reasons(GROUP, { ingress: [{ ...rule, fromport: 80, toPort: 'x' }] })).to.deep.equal([
      'ingress[0].toPort: expected a number, got a string',
      "ingress[0].fromport: unknown property 'fromport'; did you mean 'fromPort'?",
    ]);
    expect(await reasons(GROUP, { ingress: [{ protocol: 'tcp' }] })).to.deep.equal([
      "ingress[0].fromPort: Missing required property 'fromPort'",
      "ingress[0].toPort: Missing required property 'toPort'",
    ]);
    const cluster = { roleArn: 'arn', vpcConfig: { subnetIds: ['a'], endpointPublicAcces: true } };
    expect(await reasons('aws:eks/cluster:Cluster', cluster)).to.deep.equal([
      "vpcConfig.endpointPublicAcces: unknown property 'endpointPublicAcces'; did you mean 'endpointPublicAccess'?",
    ]);
  });

  it('refuses to delete, or to make twice, what is there or not there', async () => {
    const role = await subject(ROLE, 'runner').create({ name: 'runner', assumeRolePolicy: '{}' });
    const twin = subject(ROLE, 'twin').create({ name: 'runner', assumeRolePolicy: '{}' });
    expect(await refusal(twin)).to.equal('aws:iam/role:Role runner already exists');
    await role.delete();
    expect(await refusal(role.delete())).to.equal('aws:iam/role:Role runner does not exist');
    expect((await role.read()).id).to.equal('');
    expect(cloud.log().map(({ call, id }) => `${call} ${id}`)).to.deep.equal([
      'create runner',
      'delete runner',
    ]);
  });

  it('serves types that nobody described', async () => {
    const thing = await subject('aws:gamelift/fleet:Fleet', 'games').create({ ec2InstanceType: 'c5.large' });
    expect(thing.outputs['arn']).to.match(/^arn:aws:gamelift:eu-west-1:\d{12}:fleet\//);
    expect((await thing.diff({ ec2InstanceType: 'c6.large' })).replaces).to.deep.equal([]);
  });

  it('answers for the account, the zones and a policy document', async () => {
    const ask = async (token: string, args: WireObject = {}): Promise<WireObject> =>
      (await aws.invoke({ token, args })).result;
    const vpc = await subject(VPC, 'main').create({ cidrBlock: '10.0.0.0/16' });
    const caller = await ask('aws:index/getCallerIdentity:getCallerIdentity');
    expect(caller['accountId']).to.equal(vpc.outputs['ownerId']);
    expect((await ask('aws:index/getAvailabilityZones:getAvailabilityZones'))['names']).to.deep.equal([
      'eu-west-1a',
      'eu-west-1b',
      'eu-west-1c',
    ]);
    expect((await ask('aws:ec2/getVpc:getVpc', { id: vpc.id }))['arn']).to.equal(vpc.outputs['arn']);
    const document = await ask('aws:iam/getPolicyDocument:getPolicyDocument', {
      statements: [
        {
          actions: ['sts:AssumeRole'],
          principals: [{ type: 'Service', identifiers: ['ec2.amazonaws.com'] }],
        },
      ],
    });
    expect(JSON.parse(String(document['json']))).to.deep.equal({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
    });
    expect(await refusal(ask('aws:index/getNothing:getNothing'))).to.contain('does not know the function');
  });

  it('finds what it made under a URN, as after an answer that was lost', async () => {
    const bucket = await subject(BUCKET, 'assets').create({});
    const found = (await aws.find?.(bucket.call)) ?? [];
    expect(found).to.deep.equal([{ id: bucket.id, inputs: bucket.inputs, properties: bucket.outputs }]);
  });

  it('sees drift when it reads', async () => {
    const bucket = await subject(BUCKET, 'assets').create({ tags: { a: '1' } });
    cloud.drift(bucket.call.urn, ({ inputs, outputs }) => ({
      inputs: { ...inputs, tags: { a: 'by hand' } },
      outputs: { ...outputs, tags: { a: 'by hand' } },
    }));
    const { inputs } = await bucket.read();
    bucket.inputs = inputs;
    expect((await bucket.diff({ tags: { a: '1' } })).detailedDiff).to.have.property('tags.a');
  });
});
