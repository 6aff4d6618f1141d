import type { Wire, WireObject } from '../../embedded/provider';
import { isPlain, secret } from '../../embedded/wire';
import { digest } from '../overlay/overlay';
import { Refusal } from '../resource';
import { publicParameter } from './account';
import {
  type Answer,
  type Answers,
  type Filter,
  filtersOf,
  type Invocation,
  isAmong,
  written,
} from './answer';
import { givenResources, type Seen, seenOf } from './given';

/** What matches: of the stack's own and what every account has, else of other stacks, as if their accounts let it look. */
function search(
  { cloud, site }: Invocation,
  type: string,
  isMeant: (seen: Seen) => boolean,
): readonly Seen[] {
  const own = [...givenResources(site, type), ...cloud.ofType(type, site.stack).map(seenOf)].filter(isMeant);
  return own.length > 0 ? own : cloud.ofType(type).map(seenOf).filter(isMeant);
}

/** What filters call otherwise than the property is called, by filter; `id` is the resource's own. */
const PROPERTIES: Readonly<Record<string, string>> = {
  'default-for-az': 'defaultForAz',
  'group-id': 'id',
  'group-name': 'name',
  'is-default': 'default',
  isDefault: 'default',
};

/** True of what every account has, and not said of the rest. */
const ABSENT: ReadonlySet<string> = new Set(['default', 'defaultForAz']);

function isFiltered({ id, outputs }: Seen, filter: Filter, type: string): boolean {
  const { name } = filter;
  if (name.startsWith('tag:')) {
    const tags = outputs['tags'];
    const value = isPlain(tags) ? tags[name.slice('tag:'.length)] : undefined;
    return typeof value === 'string' && isAmong(value, filter);
  }
  const camel = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const [kind = ''] = type.split(':').slice(-1);
  // `vpc-id` of a VPC is its own id.
  const isOwn = camel.toLowerCase() === `${kind}id`.toLowerCase();
  const property = isOwn ? 'id' : (PROPERTIES[name] ?? camel);
  const value = property === 'id' ? id : outputs[property];
  if (value === undefined && ABSENT.has(property)) return isAmong('false', filter);
  if (value === undefined || typeof value === 'object')
    throw new Refusal(`the sandbox knows no filter ${name} of ${type}`);
  return isAmong(String(value), filter);
}

/** Whether a resource is what the arguments ask for: `argument=property` where the names differ. */
function matching({ args }: Invocation, type: string, keys: readonly string[]): (seen: Seen) => boolean {
  const wantedTags = args['tags'];
  const tagged = Object.entries(isPlain(wantedTags) ? wantedTags : {});
  const filters = filtersOf(args);
  return (seen) => {
    const tags = seen.outputs['tags'];
    return (
      keys.every((key) => {
        const [argument = key, property = argument] = key.split('=');
        const wanted = args[argument];
        if (wanted === undefined || wanted === null || wanted === '') return true;
        const found = property === 'id' ? seen.id : seen.outputs[property];
        return typeof wanted === 'string' ? wanted.replace(/\.$/, '') === found : wanted === (found ?? false);
      }) &&
      tagged.every(([key, value]) => isPlain(tags) && tags[key] === value) &&
      filters.every((filter) => isFiltered(seen, filter, type))
    );
  };
}

/** The one resource that is asked for; `more` adds what the function says beyond the outputs. */
function one(type: string, keys: readonly string[], more?: (seen: Seen) => WireObject): Answer {
  return (invocation) => {
    const { args, token } = invocation;
    const called = token.split(':').at(-1);
    const found = search(invocation, type, matching(invocation, type, keys));
    const [seen] = found;
    if (!seen) throw new Refusal(`${called}: nothing matches ${JSON.stringify(args)}`);
    if (found.length > 1)
      throw new Refusal(`${called}: ${found.length} match ${JSON.stringify(args)}, one must`);
    return { ...args, ...seen.outputs, id: seen.id, ...more?.(seen) };
  };
}

/** All that are asked for, by id, the oldest first. */
const all =
  (type: string, more: (seen: readonly Seen[]) => WireObject = () => ({})): Answer =>
  (invocation) => {
    const found = search(invocation, type, matching(invocation, type, []));
    const { region } = invocation.site;
    return { ...invocation.args, id: region, region, ids: found.map(({ id }) => id), ...more(found) };
  };

const property = (seen: readonly Seen[], name: string): Wire[] =>
  seen.map(({ outputs }) => outputs[name] ?? null);

/** A secret's value is not kept by the sandbox: the same text stands for it at every look. */
const standIn = ({ site }: Invocation, id: string): WireObject =>
  secret(`sandbox-${digest(32, site.seed, 'value', id)}`);

const parameter: Answer = (invocation) => {
  const { site, args } = invocation;
  const name = written(args, 'name') ?? '';
  const region = written(args, 'region') ?? site.region;
  const value = publicParameter(site, region, name);
  if (value !== undefined) {
    const arn = `arn:aws:ssm:${region}::parameter${name}`;
    return { ...args, id: name, arn, name, region, type: 'String', value, insecureValue: value, version: 1 };
  }
  return one('aws:ssm/parameter:Parameter', ['name'], ({ id }) => ({ value: standIn(invocation, id) }))(
    invocation,
  );
};

const SECRET_TYPE = 'aws:secretsmanager/secret:Secret';
const SECRET_VERSION = 'aws:secretsmanager/secretVersion:SecretVersion';

const secretVersion: Answer = (invocation) => {
  const { args } = invocation;
  const wanted = written(args, 'secretId') ?? '';
  const [owner] = search(invocation, SECRET_TYPE, ({ id, outputs }) =>
    [id, outputs['name']].includes(wanted),
  );
  const versions = search(invocation, SECRET_VERSION, ({ outputs }) => outputs['secretId'] === owner?.id);
  const version = versions.at(-1);
  if (!owner || !version) throw new Refusal(`getSecretVersion: nothing matches ${JSON.stringify(args)}`);
  return {
    ...{ ...args, ...version.outputs, id: `${owner.id}|AWSCURRENT`, secretId: wanted, arn: owner.id },
    ...{ secretArn: owner.id, secretString: standIn(invocation, version.id) },
  };
};

/** Policies of AWS's own are there without anybody having made them. */
const policy: Answer = (invocation) => {
  const { args } = invocation;
  const arn = written(args, 'arn') ?? '';
  if (!arn.startsWith('arn:aws:iam::aws:policy/'))
    return one('aws:iam/policy:Policy', ['arn', 'name'])(invocation);
  const [path, name = ''] = [arn.replace(/^[^/]*/, '').replace(/[^/]*$/, ''), arn.split('/').at(-1)];
  return { ...args, id: arn, arn, name, path, policyId: `ANPA${digest(17, arn).toUpperCase()}`, tags: {} };
};

const alias: Answer = (invocation) => {
  const { site, args } = invocation;
  const name = written(args, 'name') ?? '';
  if (!name.startsWith('alias/aws/')) return one('aws:kms/alias:Alias', ['name'])(invocation);
  const arn = `arn:aws:kms:${site.region}:${site.account}:`;
  const key = digest(32, site.seed, site.account, site.region, name);
  const targetKeyId = key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const target = { targetKeyId, targetKeyArn: `${arn}key/${targetKeyId}` };
  return { ...args, id: `${arn}${name}`, arn: `${arn}${name}`, name, region: site.region, ...target };
};

const SUBNET = 'aws:ec2/subnet:Subnet';
const GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const BALANCER = one('aws:lb/loadBalancer:LoadBalancer', ['arn', 'name']);

/** What exists in the cloud, found by what the arguments say of it. */
export const LOOKUPS: Answers = {
  'aws:ec2/getVpc:getVpc': one('aws:ec2/vpc:Vpc', ['id', 'cidrBlock', 'default']),
  'aws:ec2/getVpcs:getVpcs': all('aws:ec2/vpc:Vpc'),
  'aws:ec2/getSubnet:getSubnet': one(SUBNET, [
    ...['id', 'vpcId', 'cidrBlock', 'availabilityZone', 'availabilityZoneId', 'defaultForAz'],
  ]),
  'aws:ec2/getSubnets:getSubnets': all(SUBNET),
  'aws:ec2/getSecurityGroup:getSecurityGroup': one(GROUP, ['id', 'name', 'vpcId']),
  'aws:ec2/getSecurityGroups:getSecurityGroups': all(GROUP, (seen) => ({
    ...{ arns: property(seen, 'arn'), vpcIds: property(seen, 'vpcId') },
  })),
  'aws:ec2/getRouteTable:getRouteTable': one('aws:ec2/routeTable:RouteTable', ['routeTableId=id', 'vpcId']),
  'aws:ec2/getRouteTables:getRouteTables': all('aws:ec2/routeTable:RouteTable'),
  'aws:ec2/getInternetGateway:getInternetGateway': one('aws:ec2/internetGateway:InternetGateway', [
    'internetGatewayId=id',
  ]),
  'aws:ec2/getNatGateway:getNatGateway': one('aws:ec2/natGateway:NatGateway', ['id', 'subnetId', 'vpcId']),
  'aws:ec2/getElasticIp:getElasticIp': one('aws:ec2/eip:Eip', ['id', 'publicIp']),
  'aws:ec2/getInstance:getInstance': one('aws:ec2/instance:Instance', ['instanceId=id']),
  'aws:ecr/getRepository:getRepository': one('aws:ecr/repository:Repository', ['name']),
  'aws:eks/getCluster:getCluster': one('aws:eks/cluster:Cluster', ['name'], ({ outputs }) => {
    const authority = outputs['certificateAuthority'];
    return { certificateAuthorities: authority === undefined ? [] : [authority] };
  }),
  'aws:route53/getZone:getZone': one('aws:route53/zone:Zone', ['zoneId', 'name']),
  'aws:s3/getBucket:getBucket': one('aws:s3/bucket:Bucket', ['bucket']),
  'aws:iam/getRole:getRole': one('aws:iam/role:Role', ['name']),
  'aws:iam/getUser:getUser': one('aws:iam/user:User', ['userName=name']),
  'aws:iam/getInstanceProfile:getInstanceProfile': one('aws:iam/instanceProfile:InstanceProfile', ['name']),
  'aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider': one(
    'aws:iam/openIdConnectProvider:OpenIdConnectProvider',
    ['arn', 'url'],
  ),
  'aws:iam/getPolicy:getPolicy': policy,
  'aws:acm/getCertificate:getCertificate': one('aws:acm/certificate:Certificate', ['domain=domainName']),
  'aws:lb/getLoadBalancer:getLoadBalancer': BALANCER,
  'aws:alb/getLoadBalancer:getLoadBalancer': BALANCER,
  'aws:lb/getListener:getListener': one('aws:lb/listener:Listener', ['arn', 'loadBalancerArn', 'port']),
  'aws:lb/getTargetGroup:getTargetGroup': one('aws:lb/targetGroup:TargetGroup', ['arn', 'name']),
  'aws:kms/getKey:getKey': one('aws:kms/key:Key', ['keyId=id']),
  'aws:kms/getAlias:getAlias': alias,
  'aws:lambda/getFunction:getFunction': one('aws:lambda/function:Function', ['functionName=name']),
  'aws:dynamodb/getTable:getTable': one('aws:dynamodb/table:Table', ['name']),
  'aws:sns/getTopic:getTopic': one('aws:sns/topic:Topic', ['name']),
  'aws:sqs/getQueue:getQueue': one('aws:sqs/queue:Queue', ['name']),
  'aws:cloudwatch/getLogGroup:getLogGroup': one('aws:cloudwatch/logGroup:LogGroup', ['name']),
  'aws:rds/getInstance:getInstance': one('aws:rds/instance:Instance', ['dbInstanceIdentifier=identifier']),
  'aws:rds/getSubnetGroup:getSubnetGroup': one('aws:rds/subnetGroup:SubnetGroup', ['name']),
  'aws:ssm/getParameter:getParameter': parameter,
  'aws:secretsmanager/getSecret:getSecret': one(SECRET_TYPE, ['arn', 'name']),
  'aws:secretsmanager/getSecretVersion:getSecretVersion': secretVersion,
};
