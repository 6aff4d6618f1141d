import {
  arn,
  created,
  type Facts,
  given,
  hex,
  identity,
  last,
  type Overlay,
  type Overlays,
  text,
  uuid,
} from './overlay';

const global = (kind: string) => (facts: Facts) =>
  `arn:aws:iam::${facts.account}:${kind}${text(facts, 'path', '/')}${text(facts, 'name')}`;

const unique = (prefix: string) => (facts: Facts) => `${prefix}${hex(facts, 17, 'unique').toUpperCase()}`;

function keyId(facts: Facts): string {
  return text(facts, 'targetKeyId').replace(/^.*:key\//, '');
}

function clusterEndpoint(facts: Facts): string {
  const part = hex(facts, 32, 'endpoint').toUpperCase();
  return `https://${part}.gr7.${facts.region}.eks.amazonaws.com`;
}

function functionArn(facts: Facts): string {
  return `arn:aws:lambda:${facts.region}:${facts.account}:function:${facts.id}`;
}

const iam = (kind: string, prefix: string, extra: Partial<Overlay> = {}): Overlay => ({
  replace: ['name', 'namePrefix', 'path'],
  autoname: { property: 'name', longest: 64 },
  defaults: { path: '/' },
  stateful: false,
  id: given('name'),
  computed: { arn: global(kind), uniqueId: unique(prefix), createDate: created },
  ...extra,
});

export const PLATFORM: Overlays = {
  'aws:iam/role:Role': iam('role', 'AROA', {
    defaults: { path: '/', maxSessionDuration: 3600, forceDetachPolicies: false },
  }),
  'aws:iam/user:User': iam('user', 'AIDA', {
    replace: [],
    computed: { arn: global('user'), uniqueId: unique('AIDA') },
  }),
  'aws:iam/instanceProfile:InstanceProfile': iam('instance-profile', 'AIPA'),
  'aws:iam/policy:Policy': {
    replace: ['name', 'namePrefix', 'path', 'description'],
    autoname: { property: 'name', longest: 128 },
    defaults: { path: '/' },
    stateful: false,
    id: global('policy'),
    computed: { arn: identity, policyId: unique('ANPA'), attachmentCount: () => 0 },
  },
  'aws:iam/rolePolicy:RolePolicy': {
    replace: ['name', 'namePrefix', 'role'],
    autoname: { property: 'name', longest: 128 },
    stateful: false,
    id: (facts) => `${last(text(facts, 'role'))}:${text(facts, 'name')}`,
  },
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment': {
    replace: ['role', 'policyArn'],
    stateful: false,
    id: (facts) => `${text(facts, 'role')}/${text(facts, 'policyArn')}`,
  },
  'aws:iam/openIdConnectProvider:OpenIdConnectProvider': {
    replace: ['url'],
    stateful: false,
    id: (facts) =>
      `arn:aws:iam::${facts.account}:oidc-provider/${text(facts, 'url').replace(/^https:\/\//, '')}`,
    computed: { arn: identity },
  },
  'aws:kms/key:Key': {
    replace: ['customerMasterKeySpec', 'keyUsage', 'customKeyStoreId', 'multiRegion'],
    defaults: {
      customerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      isEnabled: true,
      keyUsage: 'ENCRYPT_DECRYPT',
      bypassPolicyLockoutSafetyCheck: false,
    },
    stateful: true,
    id: uuid,
    computed: { arn: arn('kms', (facts) => `key/${facts.id}`), keyId: identity },
  },
  'aws:kms/alias:Alias': {
    replace: ['name', 'namePrefix'],
    stateful: false,
    id: (facts) => text(facts, 'name', `alias/${facts.name}-${hex(facts, 7)}`),
    computed: {
      arn: arn('kms', (facts) => facts.id),
      name: identity,
      targetKeyArn: arn('kms', (facts) => `key/${keyId(facts)}`),
    },
  },
  'aws:eks/cluster:Cluster': {
    replace: [
      ...['name', 'roleArn', 'bootstrapSelfManagedAddons', 'encryptionConfig', 'outpostConfig'],
      ...['accessConfig.bootstrapClusterCreatorAdminPermissions', 'kubernetesNetworkConfig.ipFamily'],
      'kubernetesNetworkConfig.serviceIpv4Cidr',
    ],
    autoname: { property: 'name', longest: 100 },
    stateful: true,
    id: given('name'),
    computed: {
      arn: arn('eks', (facts) => `cluster/${facts.id}`),
      endpoint: clusterEndpoint,
      certificateAuthority: (facts) => ({
        data: Buffer.from(`sandbox certificate ${hex(facts, 32, 'certificate')}`).toString('base64'),
      }),
      identities: (facts) => [
        {
          oidcs: [
            {
              issuer: `https://oidc.eks.${facts.region}.amazonaws.com/id/${hex(facts, 32, 'oidc').toUpperCase()}`,
            },
          ],
        },
      ],
      createdAt: created,
      platformVersion: () => 'eks.12',
      status: () => 'ACTIVE',
      version: () => '1.33',
    },
  },
  'aws:eks/nodeGroup:NodeGroup': {
    replace: [
      ...['amiType', 'capacityType', 'clusterName', 'diskSize', 'instanceTypes', 'nodeGroupName'],
      ...['nodeGroupNamePrefix', 'nodeRoleArn', 'remoteAccess', 'subnetIds'],
    ],
    autoname: { property: 'nodeGroupName', longest: 63 },
    stateful: false,
    id: (facts) => `${text(facts, 'clusterName')}:${text(facts, 'nodeGroupName')}`,
    computed: {
      arn: arn(
        'eks',
        (facts) => `nodegroup/${text(facts, 'clusterName')}/${text(facts, 'nodeGroupName')}/${uuid(facts)}`,
      ),
      status: () => 'ACTIVE',
    },
  },
  'aws:eks/addon:Addon': {
    replace: ['clusterName', 'addonName'],
    stateful: false,
    id: (facts) => `${text(facts, 'clusterName')}:${text(facts, 'addonName')}`,
    computed: {
      arn: arn(
        'eks',
        (facts) => `addon/${text(facts, 'clusterName')}/${text(facts, 'addonName')}/${uuid(facts)}`,
      ),
      createdAt: created,
    },
  },
  'aws:lambda/function:Function': {
    replace: ['name', 'packageType'],
    autoname: { property: 'name', longest: 64 },
    defaults: { memorySize: 128, timeout: 3, packageType: 'Zip', publish: false },
    stateful: false,
    id: given('name'),
    computed: {
      arn: functionArn,
      invokeArn: (facts) =>
        `arn:aws:apigateway:${facts.region}:lambda:path/2015-03-31/functions/${functionArn(facts)}/invocations`,
      qualifiedArn: (facts) => `${functionArn(facts)}:$LATEST`,
      version: () => '$LATEST',
      lastModified: created,
    },
  },
  'aws:lambda/permission:Permission': {
    replace: [
      ...['action', 'eventSourceToken', 'function', 'functionUrlAuthType', 'principal', 'principalOrgId'],
      ...['qualifier', 'sourceAccount', 'sourceArn', 'statementId', 'statementIdPrefix'],
    ],
    autoname: { property: 'statementId', longest: 100 },
    stateful: false,
    id: given('statementId'),
  },
  'aws:sqs/queue:Queue': {
    replace: ['name', 'namePrefix', 'fifoQueue'],
    autoname: { property: 'name', longest: 80 },
    defaults: {
      delaySeconds: 0,
      maxMessageSize: 262144,
      messageRetentionSeconds: 345600,
      visibilityTimeoutSeconds: 30,
    },
    stateful: true,
    id: (facts) => `https://sqs.${facts.region}.amazonaws.com/${facts.account}/${text(facts, 'name')}`,
    computed: { arn: arn('sqs', given('name')), url: identity, sqsManagedSseEnabled: () => true },
  },
  'aws:sns/topic:Topic': {
    replace: ['name', 'namePrefix', 'fifoTopic'],
    autoname: { property: 'name', longest: 256 },
    stateful: false,
    id: arn('sns', given('name')),
    computed: { arn: identity, owner: (facts) => facts.account },
  },
  'aws:sns/topicSubscription:TopicSubscription': {
    replace: ['topic', 'protocol', 'endpoint'],
    stateful: false,
    id: (facts) => `${text(facts, 'topic')}:${uuid(facts)}`,
    computed: { arn: identity, ownerId: (facts) => facts.account },
  },
  'aws:cloudwatch/logGroup:LogGroup': {
    replace: ['name', 'namePrefix', 'logGroupClass'],
    autoname: { property: 'name', longest: 512 },
    defaults: { retentionInDays: 0, skipDestroy: false },
    stateful: true,
    id: given('name'),
    computed: { arn: arn('logs', (facts) => `log-group:${facts.id}`), logGroupClass: () => 'STANDARD' },
  },
  'aws:cloudwatch/metricAlarm:MetricAlarm': {
    replace: ['name'],
    autoname: { property: 'name', longest: 255 },
    defaults: { actionsEnabled: true, treatMissingData: 'missing' },
    stateful: false,
    id: given('name'),
    computed: { arn: arn('cloudwatch', (facts) => `alarm:${facts.id}`) },
  },
  'aws:cloudwatch/dashboard:Dashboard': {
    replace: ['dashboardName'],
    stateful: false,
    id: given('dashboardName'),
    computed: {
      dashboardArn: (facts) => `arn:aws:cloudwatch::${facts.account}:dashboard/${facts.id}`,
    },
  },
};
