import { uuid } from './ec2';
import {
  arn,
  digest,
  type Facts,
  given,
  hex,
  identity,
  number,
  type Overlay,
  type Overlays,
  text,
  token,
} from './overlay';

/** Zone ids of load balancers, as AWS publishes them. */
export const ELB_ZONES: Readonly<Record<string, string>> = {
  'us-east-1': 'Z35SXDOTRQ7X7K',
  'us-east-2': 'Z3AADJGX6KTTL2',
  'us-west-2': 'Z1H1FL5HABSF5',
  'eu-west-1': 'Z32O12XQLNTSW2',
  'eu-central-1': 'Z215JYRZR1TBD5',
  'ap-southeast-1': 'Z1LMS91P8CMLE5',
  'ap-northeast-1': 'Z14GRHDCWA56QT',
};

const PORTS: Readonly<Record<string, number>> = {
  postgres: 5432,
  'aurora-postgresql': 5432,
  mysql: 3306,
  mariadb: 3306,
  'aurora-mysql': 3306,
  'sqlserver-ex': 1433,
  'oracle-se2': 1521,
};

function lowered(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase().replace(/\.$/, '') : '';
}

function dnsName(facts: Facts): string {
  const internal = facts.inputs['internal'] === true ? 'internal-' : '';
  const serial = Number.parseInt(hex(facts, 8, 'dns'), 16);
  return facts.inputs['loadBalancerType'] === 'network'
    ? `${text(facts, 'name')}-${hex(facts, 16, 'dns')}.elb.${facts.region}.amazonaws.com`
    : `${internal}${text(facts, 'name')}-${serial}.${facts.region}.elb.amazonaws.com`;
}

function balancerKind(facts: Facts): string {
  return facts.inputs['loadBalancerType'] === 'network' ? 'net' : 'app';
}

/** The account's part of a database's DNS name is the same for all of an account and region. */
function databaseHost(facts: Facts): string {
  const account = BigInt(`0x${digest(20, facts.seed, facts.account, facts.region, 'rds')}`).toString(36);
  return `${text(facts, 'identifier')}.c${account.slice(0, 11)}.${facts.region}.rds.amazonaws.com`;
}

function databasePort(facts: Facts): number {
  return number(facts, 'port', PORTS[text(facts, 'engine')] ?? 5432);
}

function zone(facts: Facts): string {
  return `Z0${token(facts, 18, 'zone').toUpperCase()}`;
}

function nameServers(facts: Facts): string[] {
  const tops = ['com', 'net', 'org', 'co.uk'];
  return tops.map((top, index) => {
    const number = Number.parseInt(hex(facts, 4, `ns${index}`), 16) % 512;
    return `ns-${number + index * 512}.awsdns-${String(number % 64).padStart(2, '0')}.${top}`;
  });
}

/** A record's name may be written with or without its zone's. */
function fqdn(facts: Facts): string {
  const name = lowered(text(facts, 'name'));
  const domain = lowered(facts.lookup('aws:route53/zone:Zone', text(facts, 'zoneId'))?.['name']);
  if (domain === '' || name === domain || name.endsWith(`.${domain}`)) return name;
  return name === '' ? domain : `${name}.${domain}`;
}

const loadBalancer: Overlay = {
  replace: ['name', 'namePrefix', 'internal', 'loadBalancerType'],
  autoname: { property: 'name', longest: 32 },
  defaults: { loadBalancerType: 'application', idleTimeout: 60, enableHttp2: true },
  stateful: false,
  id: arn(
    'elasticloadbalancing',
    (facts) => `loadbalancer/${balancerKind(facts)}/${text(facts, 'name')}/${hex(facts, 16)}`,
  ),
  computed: {
    arn: identity,
    arnSuffix: (facts) => facts.id.replace(/^.*:loadbalancer\//, ''),
    dnsName,
    zoneId: (facts) => ELB_ZONES[facts.region] ?? 'Z32O12XQLNTSW2',
    vpcId: (facts) => `vpc-0${hex(facts, 16, 'vpc')}`,
    ipAddressType: () => 'ipv4',
  },
  hosts: (outputs) => [lowered(outputs['dnsName'])],
};

const targetGroup: Overlay = {
  replace: ['name', 'namePrefix', 'port', 'protocol', 'vpcId', 'targetType'],
  autoname: { property: 'name', longest: 32 },
  defaults: { deregistrationDelay: 300, targetType: 'instance' },
  stateful: false,
  id: arn('elasticloadbalancing', (facts) => `targetgroup/${text(facts, 'name')}/${hex(facts, 16)}`),
  computed: { arn: identity, arnSuffix: (facts) => facts.id.replace(/^.*:(?=targetgroup\/)/, '') },
};

const listener: Overlay = {
  replace: ['loadBalancerArn'],
  stateful: false,
  id: (facts) =>
    `${text(facts, 'loadBalancerArn').replace(':loadbalancer/', ':listener/')}/${hex(facts, 16)}`,
  computed: { arn: identity, protocol: () => 'HTTP' },
};

export const NETWORK: Overlays = {
  'aws:lb/loadBalancer:LoadBalancer': loadBalancer,
  'aws:alb/loadBalancer:LoadBalancer': loadBalancer,
  'aws:lb/targetGroup:TargetGroup': targetGroup,
  'aws:alb/targetGroup:TargetGroup': targetGroup,
  'aws:lb/listener:Listener': listener,
  'aws:alb/listener:Listener': listener,
  'aws:rds/instance:Instance': {
    replace: [
      'identifier',
      'identifierPrefix',
      'engine',
      'dbName',
      'username',
      'storageEncrypted',
      'kmsKeyId',
      'availabilityZone',
      'characterSetName',
      'snapshotIdentifier',
      'timezone',
    ],
    autoname: { property: 'identifier', longest: 63 },
    defaults: { applyImmediately: false, skipFinalSnapshot: false, publiclyAccessible: false },
    stateful: true,
    sensitive: ['password', 'passwordWo'],
    id: (facts) => `db-${token(facts, 26, 'resource').toUpperCase()}`,
    computed: {
      address: databaseHost,
      arn: arn('rds', (facts) => `db:${text(facts, 'identifier')}`),
      endpoint: (facts) => `${databaseHost(facts)}:${text(facts, 'port', String(databasePort(facts)))}`,
      port: databasePort,
      engineVersionActual: given('engineVersion', '17.6'),
      engineVersion: () => '17.6',
      hostedZoneId: () => 'Z29XKXDKYMONMX',
      resourceId: identity,
      status: () => 'available',
      availabilityZone: (facts) => `${facts.region}a`,
      backupWindow: () => '02:10-02:40',
      maintenanceWindow: () => 'sun:03:30-sun:04:00',
      caCertIdentifier: () => 'rds-ca-rsa2048-g1',
      licenseModel: () => 'postgresql-license',
      networkType: () => 'IPV4',
      storageType: () => 'gp2',
      optionGroupName: (facts) => `default:${text(facts, 'engine')}`,
      parameterGroupName: (facts) => `default.${text(facts, 'engine')}`,
    },
  },
  'aws:rds/subnetGroup:SubnetGroup': {
    replace: ['name', 'namePrefix'],
    autoname: { property: 'name', longest: 255 },
    defaults: { description: 'Managed by Pulumi' },
    stateful: false,
    id: given('name'),
    computed: { arn: arn('rds', (facts) => `subgrp:${facts.id}`), supportedNetworkTypes: () => ['IPV4'] },
  },
  'aws:rds/parameterGroup:ParameterGroup': {
    replace: ['name', 'namePrefix', 'family', 'description'],
    autoname: { property: 'name', longest: 255 },
    defaults: { description: 'Managed by Pulumi', skipDestroy: false },
    stateful: false,
    id: given('name'),
    computed: { arn: arn('rds', (facts) => `pg:${facts.id}`) },
  },
  'aws:route53/zone:Zone': {
    replace: ['name', 'delegationSetId'],
    defaults: { comment: 'Managed by Pulumi', forceDestroy: false },
    // A new zone has new name servers, which the registrar does not know.
    stateful: true,
    id: zone,
    computed: {
      arn: (facts) => `arn:aws:route53:::hostedzone/${facts.id}`,
      zoneId: identity,
      nameServers,
      primaryNameServer: (facts) => nameServers(facts)[0] ?? '',
    },
  },
  'aws:route53/record:Record': {
    replace: ['zoneId', 'name', 'type', 'setIdentifier'],
    stateful: false,
    id: (facts) =>
      ['zoneId', 'name', 'type', 'setIdentifier']
        .map((property) => text(facts, property))
        .filter((part) => part !== '')
        .join('_'),
    computed: { fqdn },
    hosts: (outputs) => [lowered(outputs['fqdn'])],
  },
  'aws:acm/certificate:Certificate': {
    replace: ['domainName', 'subjectAlternativeNames', 'validationMethod', 'keyAlgorithm'],
    stateful: false,
    id: arn('acm', (facts) => `certificate/${uuid(facts)}`),
    computed: {
      arn: identity,
      status: () => 'ISSUED',
      type: () => 'AMAZON_ISSUED',
      domainValidationOptions: (facts) => {
        const domain = text(facts, 'domainName');
        return [
          {
            domainName: domain,
            resourceRecordName: `_${hex(facts, 32, 'name')}.${domain.replace(/^\*\./, '')}.`,
            resourceRecordType: 'CNAME',
            resourceRecordValue: `_${hex(facts, 32, 'value')}.acm-validations.aws.`,
          },
        ];
      },
    },
  },
  'aws:acm/certificateValidation:CertificateValidation': {
    replace: ['certificateArn', 'validationRecordFqdns'],
    stateful: false,
    id: (facts) => `0001-01-01 00:00:00 +0000 UTC ${hex(facts, 8)}`,
  },
};
