import {
  arn,
  created,
  digest,
  type Facts,
  given,
  hex,
  identity,
  type Overlay,
  type Overlays,
  text,
} from './overlay';

/** Zone ids of S3 website endpoints, as AWS publishes them. */
const S3_ZONES: Readonly<Record<string, string>> = {
  'us-east-1': 'Z3AQBSTGFYJSTF',
  'us-east-2': 'Z2O1EMRO9K5GLX',
  'us-west-2': 'Z3BJ6K6RIION7M',
  'eu-west-1': 'Z1BKCTXD74EZPE',
  'eu-central-1': 'Z21DNDUVLTQW6Q',
  'ap-southeast-1': 'Z3O0J2DXBE1FTB',
  'ap-northeast-1': 'Z2M4EHUR26P7ZW',
};

const bucket: Overlay = {
  replace: ['bucket', 'bucketPrefix', 'objectLockEnabled'],
  autoname: { property: 'bucket', longest: 63 },
  defaults: { forceDestroy: false },
  stateful: true,
  id: given('bucket'),
  computed: {
    arn: (facts) => `arn:aws:s3:::${facts.id}`,
    bucketDomainName: (facts) => `${facts.id}.s3.amazonaws.com`,
    bucketRegion: (facts) => facts.region,
    bucketRegionalDomainName: (facts) => `${facts.id}.s3.${facts.region}.amazonaws.com`,
    hostedZoneId: (facts) => S3_ZONES[facts.region] ?? 'Z1BKCTXD74EZPE',
    bucketNamespace: () => 'global',
    requestPayer: () => 'BucketOwner',
  },
};

/** A part of a bucket's settings that is a resource of its own: its id is the bucket's. */
const ofBucket: Overlay = {
  replace: ['bucket'],
  isSingle: true,
  stateful: false,
  id: given('bucket'),
};

const ownedBucket: Overlay = { ...ofBucket, replace: ['bucket', 'expectedBucketOwner'] };

const named = (service: string, kind: string, longest: number, stateful: boolean): Overlay => ({
  replace: ['name', 'namePrefix'],
  autoname: { property: 'name', longest },
  stateful,
  id: given('name'),
  computed: { arn: arn(service, (facts) => `${kind}${facts.id}`) },
});

function secretId(facts: Facts): string {
  return `arn:aws:secretsmanager:${facts.region}:${facts.account}:secret:${text(facts, 'name')}-${hex(facts, 6)}`;
}

function repositoryUrl(facts: Facts): string {
  return `${facts.account}.dkr.ecr.${facts.region}.amazonaws.com/${facts.id}`;
}

export const STORAGE: Overlays = {
  'aws:s3/bucket:Bucket': bucket,
  'aws:s3/bucketV2:BucketV2': bucket,
  'aws:s3/bucketPolicy:BucketPolicy': ofBucket,
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': ofBucket,
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls': ofBucket,
  'aws:s3/bucketVersioning:BucketVersioning': ownedBucket,
  'aws:s3/bucketVersioningV2:BucketVersioningV2': ownedBucket,
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': ownedBucket,
  'aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2': ownedBucket,
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': ownedBucket,
  'aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2': ownedBucket,
  'aws:s3/bucketAcl:BucketAcl': ownedBucket,
  'aws:s3/bucketLogging:BucketLogging': ownedBucket,
  'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration': ownedBucket,
  'aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration': {
    ...ownedBucket,
    computed: {
      websiteDomain: (facts) => `s3-website-${facts.region}.amazonaws.com`,
      websiteEndpoint: (facts) => `${facts.id}.s3-website-${facts.region}.amazonaws.com`,
    },
  },
  'aws:s3/bucketObjectv2:BucketObjectv2': {
    replace: ['bucket', 'key'],
    stateful: true,
    id: (facts) => `${text(facts, 'bucket')}/${text(facts, 'key')}`,
    computed: {
      arn: (facts) => `arn:aws:s3:::${facts.id}`,
      etag: (facts) => digest(32, JSON.stringify(facts.inputs['content'] ?? facts.inputs['source'] ?? '')),
    },
  },
  'aws:dynamodb/table:Table': {
    ...named('dynamodb', 'table/', 255, true),
    replace: ['name', 'hashKey', 'rangeKey', 'localSecondaryIndexes'],
    defaults: { billingMode: 'PROVISIONED' },
    computed: {
      arn: arn('dynamodb', (facts) => `table/${facts.id}`),
      streamArn: (facts) =>
        facts.inputs['streamEnabled'] === true
          ? `arn:aws:dynamodb:${facts.region}:${facts.account}:table/${facts.id}/stream/${created(facts)}`
          : '',
    },
  },
  'aws:ecr/repository:Repository': {
    replace: ['name', 'encryptionConfigurations'],
    autoname: { property: 'name', longest: 256 },
    defaults: { imageTagMutability: 'MUTABLE' },
    stateful: true,
    id: given('name'),
    computed: {
      arn: arn('ecr', (facts) => `repository/${facts.id}`),
      registryId: (facts) => facts.account,
      repositoryUrl,
    },
  },
  'aws:ecr/lifecyclePolicy:LifecyclePolicy': {
    replace: ['repository', 'policy'],
    isSingle: true,
    stateful: false,
    id: given('repository'),
    computed: { registryId: (facts) => facts.account },
  },
  'aws:secretsmanager/secret:Secret': {
    replace: ['name', 'namePrefix'],
    autoname: { property: 'name', longest: 512 },
    defaults: { recoveryWindowInDays: 30, forceOverwriteReplicaSecret: false },
    stateful: true,
    id: secretId,
    computed: { arn: identity },
  },
  'aws:secretsmanager/secretVersion:SecretVersion': {
    replace: ['secretId', 'secretString', 'secretBinary'],
    stateful: true,
    sensitive: ['secretString', 'secretBinary'],
    id: (facts) => `${text(facts, 'secretId')}|terraform-${hex(facts, 26)}`,
    computed: {
      arn: given('secretId'),
      versionId: (facts) => `terraform-${hex(facts, 26)}`,
      versionStages: () => ['AWSCURRENT'],
    },
  },
  'aws:ssm/parameter:Parameter': {
    replace: ['name', 'dataType'],
    autoname: { property: 'name', longest: 2048 },
    defaults: { tier: 'Standard' },
    stateful: false,
    sensitive: ['value'],
    id: given('name'),
    computed: {
      arn: arn('ssm', (facts) => `parameter/${facts.id.replace(/^\//, '')}`),
      dataType: () => 'text',
      version: (facts) => facts.revision,
    },
  },
};
