import type { WireObject } from '../../embedded/provider';
import { secret } from '../../embedded/wire';
import { zonesOf as balancerZonesOf } from '../overlay/network';
import { digest, type Site } from '../overlay/overlay';
import { Refusal } from '../resource';
import { zonesOf } from '../zones';
import { type Answer, type Answers, filtersOf, type Invocation, isAmong, written } from './answer';

const REGIONS = [
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
  ...['ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1'],
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
];

/** The account behind each region's classic load balancers' logs is AWS's own; one of them stands for all. */
const BALANCER_ACCOUNT = '156460612806';

const regionOf = ({ site, args }: Invocation): string => written(args, 'region') ?? site.region;

const amiOf = (site: Site, region: string, what: string): string =>
  `ami-0${digest(16, site.seed, region, 'ami', what)}`;

const zones: Answer = (invocation) => {
  const { args } = invocation;
  const region = regionOf(invocation);
  const without = (key: string): readonly unknown[] => {
    const list = args[key];
    return Array.isArray(list) ? list : [];
  };
  const found = zonesOf(region).filter(
    ({ name, id }) =>
      !without('excludeNames').includes(name) &&
      !without('excludeZoneIds').includes(id) &&
      filtersOf(args).every((filter) => {
        const facts: Readonly<Record<string, string>> = {
          'group-name': region,
          'opt-in-status': 'opt-in-not-required',
          'region-name': region,
          state: 'available',
          'zone-id': id,
          'zone-name': name,
          'zone-type': 'availability-zone',
        };
        const fact = facts[filter.name];
        if (fact === undefined) throw new Refusal(`zones have no filter ${filter.name}`);
        return isAmong(fact, filter);
      }),
  );
  return {
    ...{ ...args, id: region, region, groupNames: [region] },
    ...{ names: found.map(({ name }) => name), zoneIds: found.map(({ id }) => id) },
  };
};

const ami: Answer = (invocation) => {
  const { site, args } = invocation;
  const region = regionOf(invocation);
  const id = amiOf(site, region, JSON.stringify(args));
  const asked = (name: string) => filtersOf(args).find((filter) => filter.name === name)?.values[0];
  const owner = Array.isArray(args['owners']) ? args['owners'][0] : undefined;
  return {
    ...args,
    id,
    imageId: id,
    // As the newest image that the name asked for stands for.
    name: asked('name')?.replaceAll('*', '20250818') ?? 'al2023-ami-2023.8.20250818.0-kernel-6.1-x86_64',
    architecture: asked('architecture') ?? 'x86_64',
    arn: `arn:aws:ec2:${region}::image/${id}`,
    creationDate: '2025-08-18T00:00:00.000Z',
    ownerId: typeof owner === 'string' && /^\d{12}$/.test(owner) ? owner : '137112412989',
    region,
    rootDeviceName: '/dev/xvda',
    rootDeviceType: 'ebs',
    state: 'available',
    virtualizationType: 'hvm',
  };
};

/** What AWS publishes under `/aws/service/`: ids of images, plain or in a document; undefined for other parameters. */
export function publicParameter(site: Site, region: string, name: string): string | undefined {
  if (!name.startsWith('/aws/service/')) return undefined;
  const id = amiOf(site, region, name);
  return name.endsWith('/recommended') ? JSON.stringify({ image_id: id, schema_version: '1' }) : id;
}

const arnParts: Answer = ({ args }) => {
  const arn = written(args, 'arn') ?? '';
  const [, partition = '', service = '', region = '', account = '', ...rest] = arn.split(':');
  return { ...args, id: arn, partition, service, region, account, resource: rest.join(':') };
};

const token = (site: Site, length: number, ...words: readonly string[]): string =>
  digest(length, site.seed, site.account, ...words);

function ecrToken(site: Site): WireObject {
  const password = token(site, 40, 'ecr');
  return {
    ...{ id: site.region, region: site.region, userName: 'AWS', password },
    authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
    proxyEndpoint: `https://${site.account}.dkr.ecr.${site.region}.amazonaws.com`,
    expiresAt: '2099-01-01T00:00:00Z',
  };
}

/** What follows from the seed, the account and the region alone. */
export const ABOUT_ACCOUNT: Answers = {
  'aws::getCallerIdentity': ({ site }) => ({
    id: site.account,
    accountId: site.account,
    arn: `arn:aws:iam::${site.account}:user/sandbox`,
    userId: `AIDA${token(site, 17).toUpperCase()}`,
  }),
  'aws::getRegion': (invocation) => {
    const region = written(invocation.args, 'name') ?? regionOf(invocation);
    return { id: region, region, name: region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
  },
  'aws:index/getRegions:getRegions': ({ site, args }) => ({ ...args, id: site.region, names: REGIONS }),
  'aws::getPartition': () => ({
    ...{ id: 'aws', partition: 'aws' },
    ...{ dnsSuffix: 'amazonaws.com', reverseDnsPrefix: 'com.amazonaws' },
  }),
  'aws::getAvailabilityZones': zones,
  'aws:index/getAvailabilityZone:getAvailabilityZone': (invocation) => {
    const { args } = invocation;
    const wanted = written(args, 'name') ?? written(args, 'zoneId');
    const region = regionOf(invocation);
    const found = zonesOf(region).find(({ name, id }) => wanted === name || wanted === id);
    if (!found) throw new Refusal(`getAvailabilityZone: nothing matches ${JSON.stringify(args)}`);
    return {
      ...{ ...args, id: found.name, name: found.name, zoneId: found.id, nameSuffix: found.name.slice(-1) },
      ...{ region, groupName: region, networkBorderGroup: region, state: 'available' },
      ...{ optInStatus: 'opt-in-not-required', zoneType: 'availability-zone' },
    };
  },
  'aws::getAmi': ami,
  'aws:ec2/getAmiIds:getAmiIds': (invocation) => ({
    ...invocation.args,
    ids: [String(ami(invocation)['id'])],
  }),
  'aws::getArn': arnParts,
  'aws::getDefaultTags': ({ site }) => ({ id: 'default', tags: site.tags }),
  'aws:index/getServicePrincipal:getServicePrincipal': (invocation) => {
    const service = written(invocation.args, 'serviceName') ?? '';
    const region = regionOf(invocation);
    const suffix = 'amazonaws.com';
    return {
      ...invocation.args,
      id: `${service}.${region}.${suffix}`,
      name: `${service}.${suffix}`,
      region,
      suffix,
    };
  },
  'aws:index/getBillingServiceAccount:getBillingServiceAccount': () => ({
    ...{ id: '386209384616', arn: 'arn:aws:iam::386209384616:root' },
  }),
  'aws:elb/getServiceAccount:getServiceAccount': (invocation) => ({
    ...{ id: BALANCER_ACCOUNT, arn: `arn:aws:iam::${BALANCER_ACCOUNT}:root`, region: regionOf(invocation) },
  }),
  'aws:lb/getHostedZoneId:getHostedZoneId': (invocation) => {
    const region = regionOf(invocation);
    return {
      ...invocation.args,
      id: balancerZonesOf(written(invocation.args, 'loadBalancerType'))[region] ?? 'Z32O12XQLNTSW2',
      region,
    };
  },
  'aws:s3/getCanonicalUserId:getCanonicalUserId': ({ site }) => ({
    ...{ id: token(site, 64, 'canonical'), displayName: 'sandbox' },
  }),
  'aws:iam/getAccountAlias:getAccountAlias': ({ site }) => ({
    ...{ id: `sandbox-${site.stack}`, accountAlias: `sandbox-${site.stack}` },
  }),
  'aws:iam/getSessionContext:getSessionContext': ({ args }) => {
    const arn = written(args, 'arn') ?? '';
    const [, account, role, session = ''] = /:sts::(\d+):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
    const issuerArn = role === undefined ? arn : `arn:aws:iam::${account}:role/${role}`;
    return { ...args, id: arn, issuerArn, issuerName: role ?? '', sessionName: session, issuerId: '' };
  },
  'aws:ecr/getAuthorizationToken:getAuthorizationToken': ({ site }) => ecrToken(site),
  'aws:eks/getClusterAuth:getClusterAuth': ({ site, args }) => {
    const name = written(args, 'name') ?? '';
    return { ...args, id: name, region: site.region, token: secret(`k8s-aws-v1.${token(site, 60, name)}`) };
  },
  'aws:secretsmanager/getRandomPassword:getRandomPassword': ({ site, args }) => {
    const length = typeof args['passwordLength'] === 'number' ? args['passwordLength'] : 32;
    const whole = token(site, 64, 'password', JSON.stringify(args)).repeat(Math.ceil(length / 64));
    return { ...args, id: token(site, 16, 'password'), randomPassword: secret(whole.slice(0, length)) };
  },
};
