import type { Wire } from '../../embedded/provider';
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
  part,
  prefixed,
  text,
  token,
} from './overlay';

const PORTS: Readonly<Record<string, number>> = {
  postgres: 5432,
  'aurora-postgresql': 5432,
  mysql: 3306,
  mariadb: 3306,
  'aurora-mysql': 3306,
  'sqlserver-ex': 1433,
  'oracle-se2': 1521,
};

const VERSIONS: Readonly<Record<string, string>> = {
  'aurora-mysql': '8.0.mysql_aurora.3.10.0',
  'aurora-postgresql': '17.5',
  mariadb: '11.8.3',
  mysql: '8.4.6',
  postgres: '17.6',
};

const LICENSES: Readonly<Record<string, string>> = {
  mariadb: 'general-public-license',
  mysql: 'general-public-license',
  postgres: 'postgresql-license',
};

const engineVersion = (facts: Facts): string =>
  text(facts, 'engineVersion', VERSIONS[text(facts, 'engine')] ?? '1.0');

/** The part of a version that parameter groups are made for: `17`, `8.4`. */
function major(facts: Facts): string {
  const [first = '', second = ''] = engineVersion(facts).split('.');
  return text(facts, 'engine').endsWith('postgres') ? first : `${first}.${second}`;
}

/** The last part of a database's DNS name is the same for all of an account and region. */
function databaseDomain(facts: Facts): string {
  const account = BigInt(`0x${digest(20, facts.seed, facts.account, facts.region, 'rds')}`).toString(36);
  return `c${account.slice(0, 11)}.${facts.region}.rds.amazonaws.com`;
}

function databasePort(facts: Facts): number {
  return number(facts, 'port', PORTS[text(facts, 'engine')] ?? 5432);
}

const instanceHost = (facts: Facts): string => `${text(facts, 'identifier')}.${databaseDomain(facts)}`;

const clusterHost = (facts: Facts, kind: string): string => `${facts.id}.${kind}-${databaseDomain(facts)}`;

/** Cache endpoints shorten the region: `euw1`. */
const cacheHost = (facts: Facts, front: string): string => {
  const [area = '', place = '', number = ''] = facts.region.split('-');
  return `${front}.${token(facts, 6, 'cache')}.ng.0001.${area}${place[0]}${number}.cache.amazonaws.com`;
};

const parameterGroup = (kind: string): Overlay => ({
  replace: ['name', 'namePrefix', 'family', 'description'],
  autoname: { property: 'name', longest: 255 },
  defaults: { description: 'Managed by Pulumi' },
  stateful: false,
  id: given('name'),
  computed: { arn: arn('rds', (facts) => `${kind}:${facts.id}`) },
});

export const DATABASES: Overlays = {
  'aws:rds/instance:Instance': {
    // Another identifier is given in place.
    replace: [
      ...['availabilityZone', 'characterSetName', 'customIamInstanceProfile', 'dbName', 'engine'],
      ...['identifierPrefix', 'kmsKeyId', 'ncharCharacterSetName', 'restoreToPointInTime', 's3Import'],
      ...['snapshotIdentifier', 'storageEncrypted', 'timezone', 'username'],
    ],
    autoname: { property: 'identifier', longest: 63 },
    defaults: { applyImmediately: false, skipFinalSnapshot: false, publiclyAccessible: false },
    stateful: true,
    sensitive: ['password', 'passwordWo'],
    id: (facts) => `db-${token(facts, 26, 'resource').toUpperCase()}`,
    computed: {
      address: instanceHost,
      arn: arn('rds', (facts) => `db:${text(facts, 'identifier')}`),
      endpoint: (facts) => `${instanceHost(facts)}:${text(facts, 'port', String(databasePort(facts)))}`,
      port: databasePort,
      engineVersionActual: engineVersion,
      engineVersion,
      hostedZoneId: () => 'Z29XKXDKYMONMX',
      resourceId: identity,
      status: () => 'available',
      availabilityZone: (facts) => `${facts.region}a`,
      backupWindow: () => '02:10-02:40',
      maintenanceWindow: () => 'sun:03:30-sun:04:00',
      caCertIdentifier: () => 'rds-ca-rsa2048-g1',
      licenseModel: (facts) => LICENSES[text(facts, 'engine')] ?? 'license-included',
      networkType: () => 'IPV4',
      storageType: () => 'gp2',
      optionGroupName: (facts) => `default:${text(facts, 'engine')}-${major(facts).replace('.', '-')}`,
      parameterGroupName: (facts) => `default.${text(facts, 'engine')}${major(facts)}`,
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
  'aws:rds/cluster:Cluster': {
    replace: [
      ...['availabilityZones', 'clusterIdentifier', 'clusterIdentifierPrefix', 'databaseName'],
      ...['dbSubnetGroupName', 'engine', 'engineMode', 'kmsKeyId', 'masterUsername', 'restoreToPointInTime'],
      ...['s3Import', 'snapshotIdentifier', 'sourceRegion', 'storageEncrypted'],
    ],
    autoname: { property: 'clusterIdentifier', longest: 63 },
    defaults: { skipFinalSnapshot: false },
    stateful: true,
    sensitive: ['masterPassword'],
    id: given('clusterIdentifier'),
    computed: {
      arn: arn('rds', (facts) => `cluster:${facts.id}`),
      clusterResourceId: (facts) => `cluster-${token(facts, 26, 'resource').toUpperCase()}`,
      endpoint: (facts) => clusterHost(facts, 'cluster'),
      readerEndpoint: (facts) => clusterHost(facts, 'cluster-ro'),
      engineVersion,
      engineVersionActual: engineVersion,
      hostedZoneId: () => 'Z29XKXDKYMONMX',
      port: databasePort,
    },
  },
  'aws:rds/clusterInstance:ClusterInstance': {
    replace: [
      ...['availabilityZone', 'clusterIdentifier', 'customIamInstanceProfile', 'dbSubnetGroupName', 'engine'],
      ...['identifier', 'identifierPrefix'],
    ],
    autoname: { property: 'identifier', longest: 63 },
    stateful: true,
    id: given('identifier'),
    computed: {
      arn: arn('rds', (facts) => `db:${facts.id}`),
      dbiResourceId: (facts) => `db-${token(facts, 26, 'resource').toUpperCase()}`,
      endpoint: instanceHost,
      engineVersion,
      engineVersionActual: engineVersion,
      port: databasePort,
      writer: () => true,
    },
  },
  'aws:rds/clusterParameterGroup:ClusterParameterGroup': parameterGroup('cluster-pg'),
  'aws:rds/optionGroup:OptionGroup': {
    replace: ['name', 'namePrefix', 'engineName', 'majorEngineVersion', 'optionGroupDescription'],
    autoname: { property: 'name', longest: 255 },
    stateful: false,
    id: given('name'),
    computed: { arn: arn('rds', (facts) => `og:${facts.id}`) },
  },
  'aws:elasticache/subnetGroup:SubnetGroup': {
    replace: ['name'],
    autoname: { property: 'name', longest: 255 },
    stateful: false,
    id: given('name'),
    computed: { arn: arn('elasticache', (facts) => `subnetgroup:${facts.id}`) },
  },
  'aws:elasticache/parameterGroup:ParameterGroup': {
    replace: ['name', 'family', 'description'],
    autoname: { property: 'name', longest: 255 },
    defaults: { description: 'Managed by Pulumi' },
    stateful: false,
    id: given('name'),
    computed: { arn: arn('elasticache', (facts) => `parametergroup:${facts.id}`) },
  },
  'aws:elasticache/replicationGroup:ReplicationGroup': {
    replace: [
      ...['atRestEncryptionEnabled', 'dataTieringEnabled', 'globalReplicationGroupId', 'kmsKeyId'],
      ...['networkType', 'port', 'replicationGroupId', 'snapshotArns', 'snapshotName', 'subnetGroupName'],
    ],
    autoname: { property: 'replicationGroupId', longest: 40 },
    stateful: true,
    sensitive: ['authToken'],
    id: given('replicationGroupId'),
    computed: {
      arn: arn('elasticache', (facts) => `replicationgroup:${facts.id}`),
      primaryEndpointAddress: (facts) => cacheHost(facts, facts.id),
      readerEndpointAddress: (facts) => cacheHost(facts, `${facts.id}-ro`),
      memberClusters: (facts): Wire =>
        Array.from(
          { length: number(facts, 'numCacheClusters', 1) },
          (_, index) => `${facts.id}-00${index + 1}`,
        ),
    },
  },
  'aws:elasticache/cluster:Cluster': {
    replace: [
      ...['availabilityZone', 'clusterId', 'engine', 'networkType', 'port', 'replicationGroupId'],
      ...['snapshotArns', 'snapshotName', 'subnetGroupName'],
    ],
    autoname: { property: 'clusterId', longest: 50 },
    stateful: true,
    id: given('clusterId'),
    computed: {
      arn: arn('elasticache', (facts) => `cluster:${facts.id}`),
      cacheNodes: (facts): Wire => [
        {
          address: cacheHost(facts, facts.id),
          availabilityZone: text(facts, 'availabilityZone', `${facts.region}a`),
          id: '0001',
          outpostArn: '',
          port: number(facts, 'port', text(facts, 'engine') === 'memcached' ? 11211 : 6379),
        },
      ],
    },
  },
  'aws:efs/fileSystem:FileSystem': {
    replace: ['availabilityZoneName', 'creationToken', 'encrypted', 'kmsKeyId', 'performanceMode'],
    stateful: true,
    id: prefixed('fs'),
    computed: {
      arn: arn('elasticfilesystem', (facts) => `file-system/${facts.id}`),
      creationToken: (facts) => `terraform-${hex(facts, 26, 'token')}`,
      dnsName: (facts) => `${facts.id}.efs.${facts.region}.amazonaws.com`,
      ownerId: (facts) => facts.account,
      performanceMode: () => 'generalPurpose',
    },
  },
  'aws:efs/mountTarget:MountTarget': part(['fileSystemId', 'ipAddress', 'subnetId'], prefixed('fsmt'), {
    dnsName: (facts) => `${text(facts, 'fileSystemId')}.efs.${facts.region}.amazonaws.com`,
    networkInterfaceId: (facts) => `eni-0${hex(facts, 16, 'interface')}`,
    ownerId: (facts) => facts.account,
  }),
  'aws:efs/accessPoint:AccessPoint': part(['fileSystemId', 'posixUser', 'rootDirectory'], prefixed('fsap'), {
    arn: arn('elasticfilesystem', (facts) => `access-point/${facts.id}`),
    ownerId: (facts) => facts.account,
  }),
};
