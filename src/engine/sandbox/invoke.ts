import { parseAllDocuments } from 'yaml';
import type { CheckFailure, Wire, WireObject } from '../embedded/provider';
import type { Cloud } from './cloud';
import { digest, type Site } from './overlay/overlay';
import { Refusal, type Resource } from './resource';
import { unseal } from './secrecy';

export interface Invocation {
  readonly cloud: Cloud;
  readonly site: Site;
  readonly token: string;
  /** Without secrets and, as nothing calls a function with them, without unknown values. */
  readonly args: WireObject;
}

type Answer = (invocation: Invocation) => WireObject;

/** Answers a provider function. Throws a Refusal that names it where the sandbox does not know it. */
export function invoke(invocation: Invocation): { result: WireObject; failures: readonly CheckFailure[] } {
  const name = invocation.token.split(':').at(-1) ?? '';
  const answer = ANSWERS[invocation.token] ?? ANSWERS[`${invocation.token.split(':')[0]}::${name}`];
  if (!answer) throw new Refusal(`the sandbox does not know the function ${invocation.token}`);
  return { result: answer(invocation), failures: [] };
}

/** By token, or by package and last name where modules moved between versions. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'aws::getCallerIdentity': ({ site }) => ({
    id: site.account,
    accountId: site.account,
    arn: `arn:aws:iam::${site.account}:user/sandbox`,
    userId: `AIDA${digest(17, site.seed, site.account).toUpperCase()}`,
  }),
  'aws::getRegion': ({ site, args }) => {
    const region = written(args, 'region') ?? written(args, 'name') ?? site.region;
    return {
      id: region,
      region,
      name: region,
      description: region,
      endpoint: `ec2.${region}.amazonaws.com`,
    };
  },
  'aws::getPartition': () => ({
    id: 'aws',
    partition: 'aws',
    dnsSuffix: 'amazonaws.com',
    reverseDnsPrefix: 'com.amazonaws',
  }),
  'aws::getAvailabilityZones': ({ site, args }) => {
    const region = written(args, 'region') ?? site.region;
    const [area = 'eu', place = 'west', number = '1'] = region.split('-');
    const letters = ['a', 'b', 'c'];
    return {
      id: region,
      region,
      state: 'available',
      names: letters.map((letter) => `${region}${letter}`),
      zoneIds: letters.map((_, index) => `${area}${place[0]}${number}-az${index + 1}`),
      groupNames: [region],
    };
  },
  'aws::getAmi': ({ site, args }) => {
    const id = `ami-0${digest(16, site.seed, site.region, JSON.stringify(args))}`;
    return {
      ...args,
      id,
      imageId: id,
      name: 'al2023-ami-2023.8.20250818.0-kernel-6.1-x86_64',
      architecture: 'x86_64',
      arn: `arn:aws:ec2:${site.region}::image/${id}`,
      ownerId: '137112412989',
      region: site.region,
      rootDeviceName: '/dev/xvda',
      rootDeviceType: 'ebs',
      state: 'available',
      virtualizationType: 'hvm',
    };
  },
  'aws:iam/getPolicyDocument:getPolicyDocument': policyDocument,
  'aws::getArn': ({ args }) => {
    const [, partition = '', service = '', region = '', account = '', ...rest] = (
      written(args, 'arn') ?? ''
    ).split(':');
    return {
      ...args,
      id: written(args, 'arn') ?? '',
      partition,
      service,
      region,
      account,
      resource: rest.join(':'),
    };
  },
  'aws::getDefaultTags': ({ site }) => ({ id: 'default', tags: site.tags }),
  'aws:ecr/getAuthorizationToken:getAuthorizationToken': ({ site }) => {
    const password = digest(40, site.seed, site.account, 'ecr');
    return {
      id: site.region,
      region: site.region,
      userName: 'AWS',
      password,
      authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
      proxyEndpoint: `https://${site.account}.dkr.ecr.${site.region}.amazonaws.com`,
      expiresAt: '2099-01-01T00:00:00Z',
    };
  },
  'aws:eks/getClusterAuth:getClusterAuth': ({ site, args }) => ({
    ...args,
    id: written(args, 'name') ?? '',
    region: site.region,
    token: `k8s-aws-v1.${digest(60, site.seed, site.account, written(args, 'name') ?? '')}`,
  }),
  'aws:ecr/getRepository:getRepository': existing('aws:ecr/repository:Repository', ['name']),
  'aws:eks/getCluster:getCluster': existing('aws:eks/cluster:Cluster', ['name']),
  'aws:ec2/getVpc:getVpc': existing('aws:ec2/vpc:Vpc', ['id', 'cidrBlock']),
  'aws:ec2/getSubnet:getSubnet': existing('aws:ec2/subnet:Subnet', ['id', 'vpcId', 'cidrBlock']),
  'aws:ec2/getSubnets:getSubnets': ({ cloud, site }) => ({
    id: site.region,
    ids: cloud.ofType('aws:ec2/subnet:Subnet', site.stack).map(({ id }) => id),
  }),
  'aws:ec2/getSecurityGroup:getSecurityGroup': existing('aws:ec2/securityGroup:SecurityGroup', [
    'id',
    'name',
    'vpcId',
  ]),
  'aws:route53/getZone:getZone': existing('aws:route53/zone:Zone', ['zoneId', 'name']),
  'aws:s3/getBucket:getBucket': existing('aws:s3/bucket:Bucket', ['bucket']),
  'aws:iam/getRole:getRole': existing('aws:iam/role:Role', ['name']),
  'aws:acm/getCertificate:getCertificate': existing('aws:acm/certificate:Certificate', ['domain=domainName']),
  'aws:lb/getLoadBalancer:getLoadBalancer': existing('aws:lb/loadBalancer:LoadBalancer', ['arn', 'name']),
  'aws:ssm/getParameter:getParameter': existing('aws:ssm/parameter:Parameter', ['name']),
  'kubernetes:yaml:decode': ({ args }) => ({
    result: parseAllDocuments(written(args, 'text') ?? '')
      .map((document) => document.toJS() as Wire)
      .filter((document) => document !== null),
  }),
};

function written(args: WireObject, key: string): string | undefined {
  const value = args[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Looks among the stack's own resources, the newest first; `argument=property` where the names differ. */
function existing(type: string, keys: readonly string[]): Answer {
  return ({ cloud, site, token, args }) => {
    const isMeant = (resource: Resource): boolean =>
      keys.every((key) => {
        const [argument = key, property = argument] = key.split('=');
        const wanted = written(args, argument);
        const found = property === 'id' ? resource.id : resource.outputs[property];
        return wanted === undefined || wanted.replace(/\.$/, '') === found;
      });
    const found = cloud.ofType(type, site.stack).filter(isMeant).at(-1);
    if (!found) throw new Refusal(`${token.split(':').at(-1)}: nothing matches ${JSON.stringify(args)}`);
    return { ...args, ...unseal(found.outputs, {}), id: found.id };
  };
}

/** The JSON of a policy, in the order and form in which the real function writes it. */
function policyDocument({ args }: Invocation): WireObject {
  const statements = Array.isArray(args['statements']) ? args['statements'] : [];
  const document = {
    Version: written(args, 'version') ?? '2012-10-17',
    ...(written(args, 'policyId') === undefined ? {} : { Id: args['policyId'] }),
    Statement: statements.map(statement),
  };
  const json = JSON.stringify(document, null, 2);
  return { ...args, id: digest(10, json), json, minifiedJson: JSON.stringify(document) };
}

function statement(given: Wire): Record<string, unknown> {
  const from = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
  const written: Record<string, unknown> = {};
  const put = (key: string, value: unknown): void => {
    if (value !== undefined) written[key] = value;
  };
  put('Sid', from['sid'] === null ? undefined : from['sid']);
  put('Effect', from['effect'] ?? 'Allow');
  for (const [key, name] of [
    ['actions', 'Action'],
    ['notActions', 'NotAction'],
    ['resources', 'Resource'],
    ['notResources', 'NotResource'],
  ] as const) {
    put(name, single(from[key]));
  }
  put('Principal', principals(from['principals']));
  put('NotPrincipal', principals(from['notPrincipals']));
  put('Condition', conditions(from['conditions']));
  return written;
}

function single(list: Wire | undefined): Wire | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return list.length === 1 ? list[0] : [...list].map(String).sort();
}

function principals(list: Wire | undefined): unknown {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const byType: Record<string, Wire | undefined> = {};
  for (const each of list as WireObject[]) byType[String(each['type'])] = single(each['identifiers']);
  return byType['*'] === '*' ? '*' : byType;
}

function conditions(list: Wire | undefined): unknown {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const byTest: Record<string, Record<string, Wire | undefined>> = {};
  for (const each of list as WireObject[]) {
    const test = String(each['test']);
    byTest[test] = { ...byTest[test], [String(each['variable'])]: single(each['values']) };
  }
  return byTest;
}
